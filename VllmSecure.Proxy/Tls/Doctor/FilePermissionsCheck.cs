using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using VllmSecure.Proxy.Commands;
using VllmSecure.Proxy.Storage;

namespace VllmSecure.Proxy.Tls.Doctor;

/// <summary>Whether the data directory can be written, and its keys be read by their owner alone.</summary>
internal sealed class FilePermissionsCheck(DataDirectory data) : IDoctorCheck
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public string Name => "files";

    public async IAsyncEnumerable<DoctorFinding> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        yield return Write();
        if (!OperatingSystem.IsWindows() && Directory.Exists(data.Root))
        {
            yield return Read(data.Root);
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static DoctorFinding Read(string root)
    {
        var everything = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None };
        var open = Directory.EnumerateFileSystemEntries(root, "*", everything)
            .Prepend(root)
            .Where(IsOpen)
            .ToArray();
        return open.Length == 0
            ? DoctorFinding.Ok($"only their owner can read what is in {root}.")
            : DoctorFinding.Failed($"others can get at {string.Join(", ", open)}.", $"chmod -R go= {root}");
    }

    [UnsupportedOSPlatform("windows")]
    private static bool IsOpen(string path)
    {
        try
        {
            return (File.GetUnixFileMode(path) & Others) != UnixFileMode.None;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // Gone since it was listed, as the temporary files of a proxy that serves are.
            return false;
        }
    }

    private DoctorFinding Write()
    {
        var probe = data.PathOf(".doctor");
        try
        {
            data.Write(probe, []);
            File.Delete(probe);
            return DoctorFinding.Ok($"{data.Root} can be written.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return DoctorFinding.Failed(
                $"{data.Root} cannot be written: {exception.Message}", "give the proxy's user the directory, or set DataDirectory to one that it owns.");
        }
    }
}
