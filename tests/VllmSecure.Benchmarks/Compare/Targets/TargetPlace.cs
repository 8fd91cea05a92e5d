namespace VllmSecure.Benchmarks.Compare.Targets;

/// <summary>What a target is given.</summary>
/// <param name="Folder">A folder of its own.</param>
/// <param name="Port">Where it listens.</param>
/// <param name="UpstreamPort">Where it sends requests.</param>
/// <param name="CollectorPort">Where it may send telemetry.</param>
/// <param name="Certificate">What it shows to clients.</param>
internal sealed record TargetPlace(string Folder, int Port, int UpstreamPort, int CollectorPort, BenchmarkCertificate Certificate)
{
    public string AccessLog => Path.Combine(Folder, "access.log");

    public string Write(string file, string content)
    {
        var path = Path.Combine(Folder, file);
        File.WriteAllText(path, content);
        return path;
    }
}
