using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using VllmSecure.Proxy.Commands;
using VllmSecure.Proxy.Storage;
using VllmSecure.Proxy.Tls.Serving;

namespace VllmSecure.Proxy.Tls.Development;

/// <summary>Serves a certificate of the development authority, and makes a new one before it ends.</summary>
internal sealed partial class DevelopmentCertificateSource(
    DevelopmentCertificateAuthority authority,
    DataDirectory data,
    CertificateStore store,
    TimeProvider clock,
    ILogger<DevelopmentCertificateSource> logger) : ICertificateSource
{
    // Browsers take no server certificate above 398 days; a year leaves room for clocks.
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);
    private static readonly TimeSpan CheckEvery = TimeSpan.FromHours(12);

    private string CertificatePath { get; } = data.PathOf("development", "localhost.pem");

    private string KeyPath { get; } = data.PathOf("development", "localhost.key");

    public Task LoadAsync(CancellationToken cancellationToken)
    {
        try
        {
            Ensure();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartFailedException(
                $"The development certificate cannot be kept: {exception.Message} Give a directory that the proxy may write in DataDirectory.", exception);
        }

        return Task.CompletedTask;
    }

    public async Task WatchAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(CheckEvery, clock);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            try
            {
                Ensure();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
            {
                Log.NotRenewed(logger, exception.Message);
            }
        }
    }

    public IReadOnlyList<CertificateStatus> Describe() =>
        [.. store.Describe().Select(certificate => certificate with { NextRenewal = certificate.NotAfter - RenewBefore })];

    /// <summary>Serves the stored certificate while it is good, else a new one.</summary>
    private void Ensure()
    {
        var now = clock.GetUtcNow();
        using var issuer = authority.Obtain(mustCover: now + RenewBefore);
        if (TryLoad(issuer, now) is not { } certificate)
        {
            certificate = Issue(issuer, now);
        }

        // The same certificate again would only cost the sessions of its clients.
        if (store.Certificates is not [{ Certificate: var serving }] || serving.Leaf.Thumbprint != certificate.Leaf.Thumbprint)
        {
            store.Replace([certificate]);
        }
    }

    private ServerCertificate? TryLoad(X509Certificate2 issuer, DateTimeOffset now)
    {
        if (!File.Exists(CertificatePath) || !File.Exists(KeyPath))
        {
            return null;
        }

        try
        {
            var stored = CertificateFileReader.Read(CertificatePath, KeyPath, password: null);
            return stored.NotAfter > now + RenewBefore && IsIssuedBy(stored.Leaf, issuer) && DevelopmentHosts.All.All(stored.Names.Contains)
                ? stored
                : null;
        }
        catch (CryptographicException exception)
        {
            Log.Unusable(logger, CertificatePath, exception.Message);
            return null;
        }
    }

    private static bool IsIssuedBy(X509Certificate2 leaf, X509Certificate2 issuer) =>
        leaf.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().SingleOrDefault()?.KeyIdentifier is { } keyIdentifier
        && issuer.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single().SubjectKeyIdentifierBytes.Span.SequenceEqual(keyIdentifier.Span);

    private ServerCertificate Issue(X509Certificate2 issuer, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var end = new DateTimeOffset(issuer.NotAfter.ToUniversalTime());
        var notAfter = now + Lifetime < end ? now + Lifetime : end;
        using var issued = DevelopmentCertificates.CreateServer(issuer, key, DevelopmentHosts.All, now, notAfter);
        var (certificatePem, keyPem) = (issued.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());

        // The key first, as with the authority: a pair that does not match is replaced at the next start.
        data.Write(KeyPath, Encoding.ASCII.GetBytes(keyPem));
        data.Write(CertificatePath, Encoding.ASCII.GetBytes(certificatePem));
        Log.Issued(logger, CertificatePath, notAfter);
        return CertificateFileReader.ReadPem(certificatePem, keyPem, password: null, CertificatePath);
    }
}
