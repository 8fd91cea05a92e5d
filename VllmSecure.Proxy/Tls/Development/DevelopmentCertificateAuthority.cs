using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VllmSecure.Proxy.Storage;

namespace VllmSecure.Proxy.Tls.Development;

/// <summary>
/// The local authority for development, one per data directory: a client that trusts its certificate trusts every
/// certificate the proxy makes here.
/// </summary>
internal sealed partial class DevelopmentCertificateAuthority(
    DataDirectory data, TimeProvider clock, ILogger<DevelopmentCertificateAuthority> logger)
{
    /// <summary>Long, as renewing it makes everybody trust it anew.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(3650);

    /// <summary>The file that clients are given to trust (PEM).</summary>
    public string Path { get; } = data.PathOf("development", "ca.pem");

    private string KeyPath { get; } = data.PathOf("development", "ca.key");

    /// <summary>The authority with its private key: the stored one, or a new one where that is missing, broken or about to end.</summary>
    /// <param name="mustCover">The end of validity of a certificate to be issued.</param>
    public X509Certificate2 Obtain(DateTimeOffset mustCover)
    {
        if (TryLoad() is { } stored)
        {
            if (stored.NotAfter.ToUniversalTime() > mustCover.UtcDateTime)
            {
                return stored;
            }

            Log.Ending(logger, Path, stored.NotAfter);
            stored.Dispose();
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = clock.GetUtcNow();
        var created = DevelopmentCertificates.CreateAuthority(key, Environment.MachineName, now, now + Lifetime);

        // The key first: a crash in between leaves a pair that does not match, which the next start replaces.
        data.Write(KeyPath, System.Text.Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()));
        data.Write(Path, System.Text.Encoding.ASCII.GetBytes(created.ExportCertificatePem()));
        Log.Created(logger, Path);
        return created;
    }

    /// <summary>The stored authority; null where there is none that can be used.</summary>
    public X509Certificate2? TryLoad()
    {
        if (!File.Exists(Path))
        {
            return null;
        }

        try
        {
            return X509Certificate2.CreateFromPem(File.ReadAllText(Path), File.ReadAllText(KeyPath));
        }
        catch (Exception exception) when (exception is IOException or CryptographicException or ArgumentException)
        {
            Log.Unusable(logger, Path, exception.Message);
            return null;
        }
    }
}
