using VllmSecure.Proxy.Storage;
using VllmSecure.Proxy.Tls.Acme.Protocol;
using VllmSecure.Proxy.Tls.Acme.Storage;

namespace VllmSecure.Proxy.Tls.Acme;

/// <summary>
/// Lets <c>certificates renew</c> and <c>revoke</c>, other processes, ask the one that serves: by a file in the data directory, which only
/// its owner can write. Looked for by its name, as change notifications fail on network file systems.
/// </summary>
internal sealed partial class RenewalRequests(DataDirectory data, TimeProvider clock, ILogger<RenewalRequests> logger)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    /// <summary>Asks for a renewal of one certificate, or of all. Where no proxy serves, the next one takes it up.</summary>
    public void Place(AcmeIdentifier? only = null) => data.Write(PathOf(only), []);

    /// <summary>Whether a request has not been taken up yet.</summary>
    public bool IsPending(AcmeIdentifier? only = null) => File.Exists(PathOf(only));

    public async Task WatchAsync(IReadOnlyList<ManagedCertificate> managed, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(LookEvery, clock);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            var all = TryTake(only: null);
            foreach (var certificate in managed)
            {
                if (TryTake(certificate.Identifier) || all)
                {
                    Log.Taken(logger, certificate.Identifier.Value);
                    certificate.Request();
                }
            }
        }
    }

    private string PathOf(AcmeIdentifier? only) => data.PathOf("acme", only is null ? "renew" : $"renew-{AcmeRecords.NameOf(only)}");

    /// <summary>A request that cannot be removed would be taken up again and again.</summary>
    private bool TryTake(AcmeIdentifier? only)
    {
        if (!IsPending(only))
        {
            return false;
        }

        try
        {
            File.Delete(PathOf(only));
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.NotRemoved(logger, PathOf(only), exception.Message);
            return false;
        }
    }
}
