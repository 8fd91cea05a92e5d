using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Storage;

/// <summary>
/// The directory for state: directories are 0700 and files 0600 from the moment they exist, and a file is replaced whole
/// or not at all, so that a crash or a full disk never leaves half a key.
/// </summary>
internal sealed class DataDirectory(IOptions<StorageOptions> options)
{
    private const UnixFileMode OwnerOnlyDirectory = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnerOnlyFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string TemporaryEnding = ".tmp";

    /// <summary>The absolute path of the directory; it need not exist yet.</summary>
    public string Root { get; } = Path.GetFullPath(options.Value.DataDirectory);

    /// <summary>The absolute path of a file or directory below it.</summary>
    public string PathOf(params ReadOnlySpan<string> segments) => Path.Combine([Root, .. segments]);

    /// <summary>Creates a directory below it, 0700, and what is missing above it.</summary>
    public string CreateDirectory(params ReadOnlySpan<string> segments)
    {
        var path = PathOf(segments);
        Create(path);
        return path;
    }

    /// <summary>Writes a file below it, 0600, by a rename over the old one. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</summary>
    public void Write(string path, ReadOnlySpan<byte> content)
    {
        path = Path.GetFullPath(path, Root);
        var directory = Path.GetDirectoryName(path)!;
        Create(directory);
        var temporary = Path.Combine(directory, $".{Path.GetFileName(path)}.{Path.GetRandomFileName()}{TemporaryEnding}");
        try
        {
            using (var stream = new FileStream(temporary, CreationOptions()))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>
    /// Removes the temporary files that a crash left behind, as there may be keys in them. A young one may be a command's
    /// that writes right now. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.
    /// </summary>
    public void RemoveLeftovers(DateTimeOffset olderThan)
    {
        var everywhere = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        foreach (var path in Directory.EnumerateFiles(Root, $".*{TemporaryEnding}", everywhere).Where(path => File.GetLastWriteTimeUtc(path) < olderThan.UtcDateTime))
        {
            File.Delete(path);
        }
    }

    /// <summary>Level by level: the mode that .NET takes is only for the last one, and the others would be open to all.</summary>
    private static void Create(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        if (Path.GetDirectoryName(path) is { } parent)
        {
            Create(parent);
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerOnlyDirectory);
        }
    }

    /// <summary>Options that create a new file, 0600 on Unix.</summary>
    private static FileStreamOptions CreationOptions()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnlyFile;
        }

        return options;
    }
}
