using System.Globalization;

namespace VllmSecure.EndToEndTests.Attacks;

/// <summary>What a process holds now.</summary>
/// <param name="ResidentMiB">Memory that is really in use (VmRSS).</param>
/// <param name="Handles">Open file descriptors: files, sockets, pipes.</param>
internal sealed record ProcessFigures(double ResidentMiB, int Handles)
{
    /// <summary>Reads <c>/proc/PID/status</c> and <c>/proc/PID/fd</c>.</summary>
    public static ProcessFigures Of(int processId)
    {
        var folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}");
        var resident = File.ReadLines(Path.Combine(folder, "status")).First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        var kibibytes = double.Parse(resident.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        return new ProcessFigures(kibibytes / 1024, Directory.EnumerateFileSystemEntries(Path.Combine(folder, "fd")).Count());
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ResidentMiB:F0} MiB, {Handles} handles");
}
