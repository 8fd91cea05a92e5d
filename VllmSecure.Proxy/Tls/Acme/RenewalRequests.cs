using VllmSecure.Proxy.Storage;

namespace VllmSecure.Proxy.Tls.Acme;

/// <summary>
/// Lets <c>certificates renew</c>, another process, ask the one that serves: by a file in the data directory, which only
/// its owner can write. Looked for by its name, as change notifications fail on network file systems.
/// </summary>
internal sealed partial class RenewalRequests(DataDirectory data, TimeProvider clock, ILogger<RenewalRequests> logger)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private string Path { get; } = data.PathOf("acme", "renew");

    /// <summary>Asks for a renewal of everything.</summary>
    public void Place() => data.Write(Path, []);

    /// <summary>Whether a request has not been taken up yet.</summary>
    public bool IsPending => File.Exists(Path);

    public async Task WatchAsync(IReadOnlyList<ManagedCertificate> managed, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(LookEvery, clock);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            if (IsPending && TryRemove())
            {
                Log.Taken(logger);
                foreach (var certificate in managed)
                {
                    certificate.Request();
                }
            }
        }
    }

    /// <summary>A request that cannot be removed would be taken up again and again.</summary>
    private bool TryRemove()
    {
        try
        {
            File.Delete(Path);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.NotRemoved(logger, Path, exception.Message);
            return false;
        }
    }
}
