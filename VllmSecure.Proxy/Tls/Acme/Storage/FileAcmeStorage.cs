using System.Collections.Concurrent;
using VllmSecure.Proxy.Storage;

namespace VllmSecure.Proxy.Tls.Acme.Storage;

/// <summary>Files under <c>acme</c> in the data directory, which belongs to one instance: so a lock in the process is enough.</summary>
internal sealed class FileAcmeStorage(DataDirectory data) : IAcmeStorage
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _locks = new(StringComparer.Ordinal);

    public async Task<byte[]?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllBytesAsync(PathOf(name), cancellationToken);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public Task WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        data.Write(PathOf(name), content.Span);
        return Task.CompletedTask;
    }

    public Task RemoveAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            File.Delete(PathOf(name));
        }
        catch (DirectoryNotFoundException)
        {
            // Then it is not there.
        }

        return Task.CompletedTask;
    }

    public async Task<IDisposable> LockAsync(string name, CancellationToken cancellationToken)
    {
        var semaphore = _locks.GetOrAdd(name, _ => new SemaphoreSlim(1));
        await semaphore.WaitAsync(cancellationToken);
        return new Held(semaphore);
    }

    private string PathOf(string name) => data.PathOf(["acme", .. name.Split('/')]);

    private sealed class Held(SemaphoreSlim semaphore) : IDisposable
    {
        public void Dispose() => semaphore.Release();
    }
}
