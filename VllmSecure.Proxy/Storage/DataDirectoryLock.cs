using VllmSecure.Proxy.Commands;

namespace VllmSecure.Proxy.Storage;

/// <summary>
/// Holds the data directory while the proxy serves: two instances on one volume would order the same certificates and
/// overwrite each other's usage. The lock is the operating system's, so it ends with the process, however that ends.
/// </summary>
internal sealed partial class DataDirectoryLock(DataDirectory data, TimeProvider clock, ILogger<DataDirectoryLock> logger) : IHostedLifecycleService, IDisposable
{
    // No write takes near that long.
    private static readonly TimeSpan LeftoverAge = TimeSpan.FromHours(1);

    private FileStream? _held;

    private string Path { get; } = data.PathOf(".lock");

    /// <summary>Whether an instance serves from this directory right now.</summary>
    public bool IsHeldByAnother()
    {
        try
        {
            using var probe = Open(FileMode.Open);
            return false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return IsHeld(exception);
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            data.CreateDirectory();
            _held = Open(FileMode.OpenOrCreate);
            data.RemoveLeftovers(clock.GetUtcNow() - LeftoverAge);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (IsHeld(exception))
            {
                throw new StartFailedException(
                    $"DataDirectory: {data.Root} is in use by another instance of the proxy. Stop that one, or give this one a directory of its own.", exception);
            }

            // Read-only or full: what is in it can still be served, and each feature says what it cannot do.
            Log.NotLocked(logger, data.Root, exception.Message);
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _held?.Dispose();

    /// <summary>
    /// .NET has no exception of its own for a lock that another has, only the system's number: ERROR_SHARING_VIOLATION, or
    /// EWOULDBLOCK, which is 11 on Linux and 35 on the BSDs. A volume that is read-only fails too, and nobody holds that.
    /// </summary>
    private static bool IsHeld(Exception exception) =>
        exception.HResult == (OperatingSystem.IsWindows() ? unchecked((int)0x80070020) : OperatingSystem.IsLinux() ? 11 : 35);

    private FileStream Open(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (mode != FileMode.Open && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(Path, options);
    }
}
