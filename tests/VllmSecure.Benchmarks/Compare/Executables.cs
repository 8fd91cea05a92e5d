namespace VllmSecure.Benchmarks.Compare;

/// <summary>Where programs are.</summary>
internal static class Executables
{
    public static string Self => Environment.ProcessPath!;

    /// <summary>The path of an installed program; null where there is none.</summary>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator)
            .Append("/usr/sbin") // Where Debian puts servers; not on everybody's path.
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
}
