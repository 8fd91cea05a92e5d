using System.IO.Compression;
using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.AccessLog;

/// <summary>
/// A file, 0600, that is set aside, compressed, when it is too large or too old. All of it happens on the log's own
/// writer; while it compresses, lines wait in the queue.
/// </summary>
internal sealed class RotatingFileTarget(IOptions<AccessLogOptions> options, TimeProvider clock) : IAccessLogTarget
{
    private readonly AccessLogOptions _options = options.Value;
    private readonly TimeSpan _maxAge = TimeSpan.FromHours(options.Value.MaxFileAgeHours);
    private readonly string _path = Path.GetFullPath(options.Value.File ?? "access.log");
    private FileStream? _file;
    private DateTimeOffset _since;
    private long _length;

    public string Name => "file";

    public int BatchBytes => 64 * 1024;

    public bool IsEnabled => _options.File is not null;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        if (_file is not null && !IsInPlace())
        {
            await DisposeAsync();
        }

        _file ??= Open();
        if (_length > 0 && (_length + line.Length > _options.MaxFileBytes || clock.GetUtcNow() - _since >= _maxAge))
        {
            await RotateAsync(cancellationToken);
            _file = Open();
        }

        Append(_file, line.Span);
    }

    public async ValueTask DisposeAsync()
    {
        if (_file is { } file)
        {
            _file = null;
            await file.DisposeAsync();
        }
    }

    /// <summary>
    /// Whether the path still leads to the open file: logrotate and the like move a log, remove it, or cut it short, after which
    /// lines would go where nobody finds them. The length tells, as nobody else writes to it.
    /// </summary>
    private bool IsInPlace() => new FileInfo(_path) is { Exists: true } found && found.Length == _length;

    private void Append(FileStream file, ReadOnlySpan<byte> line)
    {
        try
        {
            file.Write(line);
            _length += line.Length;
        }
        catch (IOException)
        {
            // The disk may have taken a part: a broken line would take the next good one with it.
            file.SetLength(_length);
            throw;
        }
    }

    /// <summary>Continues the file of an earlier run; its age counts from its last line, the only time that every file system knows.</summary>
    private FileStream Open()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        _since = File.Exists(_path) ? new DateTimeOffset(File.GetLastWriteTimeUtc(_path)) : clock.GetUtcNow();
        var file = new FileStream(_path, OwnerOnly(FileMode.Append));
        if (!file.CanSeek)
        {
            file.Dispose();
            throw new IOException($"'{_path}' is a pipe or a device, and only a file can be rotated.");
        }

        _length = file.Length; // Asked once: it is a call into the kernel.
        return file;
    }

    private async Task RotateAsync(CancellationToken cancellationToken)
    {
        await DisposeAsync();
        var rotated = RotatedFileNames.At(_path, clock.GetUtcNow());
        File.Move(_path, rotated, overwrite: false);
        foreach (var old in RotatedFileNames.NewestFirst(_path).Skip(_options.KeepFiles))
        {
            File.Delete(old); // First, as compressing takes space.
        }

        if (File.Exists(rotated))
        {
            await CompressAsync(rotated, cancellationToken);
        }
    }

    private static async Task CompressAsync(string rotated, CancellationToken cancellationToken)
    {
        var compressed = RotatedFileNames.ForCompressed(rotated);
        var target = new FileStream(compressed, OwnerOnly(FileMode.CreateNew));
        try
        {
            await using (target)
            await using (var gzip = new GZipStream(target, CompressionLevel.Fastest))
            await using (var source = File.OpenRead(rotated))
            {
                await source.CopyToAsync(gzip, cancellationToken);
            }
        }
        catch
        {
            File.Delete(compressed); // A part of it is of no use, and the whole is still there.
            throw;
        }

        File.Delete(rotated);
    }

    private static FileStreamOptions OwnerOnly(FileMode mode)
    {
        // No buffer: a line that was taken is in the file, and one that was not is counted as dropped.
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}
