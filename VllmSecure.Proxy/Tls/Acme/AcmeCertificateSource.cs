using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Tls.Acme.Protocol;
using VllmSecure.Proxy.Tls.Acme.Storage;
using VllmSecure.Proxy.Tls.Serving;

namespace VllmSecure.Proxy.Tls.Acme;

/// <summary>Serves certificates of an ACME authority: loads what is stored, then keeps one loop for each.</summary>
internal sealed partial class AcmeCertificateSource(
    IOptions<AcmeOptions> options,
    IHostEnvironment environment,
    AcmeRecords records,
    CertificateStore store,
    CertificateKeeper keeper,
    RenewalRequests requests,
    TimeProvider clock,
    ILogger<AcmeCertificateSource> logger) : ICertificateSource
{
    private readonly List<ManagedCertificate> _managed = [];

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        foreach (var domain in options.Value.Domains)
        {
            _managed.Add(await LoadAsync(AcmeIdentifier.TryParse(domain)!, cancellationToken));
        }

        Publish();
    }

    public Task WatchAsync(CancellationToken stopping) => Task.WhenAll(
    [
        requests.WatchAsync(_managed, stopping),
        .. _managed.Select(managed => keeper.KeepAsync(managed, Publish, stopping)),
    ]);

    public IReadOnlyList<CertificateStatus> Describe() => [.. _managed.Select(managed => managed.Describe(clock.GetUtcNow()))];

    /// <summary>A store that cannot be read does not keep the proxy from starting: it would keep it down until somebody looks.</summary>
    private async Task<ManagedCertificate> LoadAsync(AcmeIdentifier identifier, CancellationToken cancellationToken)
    {
        var managed = new ManagedCertificate(identifier, PlaceholderCertificate.Create(identifier, clock.GetUtcNow()));
        try
        {
            // On its own: with a certificate that cannot be read, the schedule is all that keeps a crash loop from the CA.
            managed.State = await records.StateAsync(identifier, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.ScheduleUnreadable(logger, identifier.Value, exception.Message);
        }

        try
        {
            managed.Issued = await records.CertificateAsync(identifier, cancellationToken);
            if (managed.Issued is null)
            {
                Log.Placeholder(logger, identifier.Value);
            }
            else if (managed.State is { Failures: 0, Directory: { } former } && !AcmeDirectories.Of(options.Value, environment).Contains(former))
            {
                // Such as staging's after a first try: few clients trust it, and its end is months away. After a failure it is on the schedule already.
                Log.FormerAuthority(logger, identifier.Value, former);
                managed.Request();
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            Log.Unreadable(logger, identifier.Value, exception.Message);
        }

        return managed;
    }

    private void Publish() => store.Replace(_managed.Select(managed => managed.Served));
}
