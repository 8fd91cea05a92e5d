using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace VllmSecure.Proxy.Routing.Connections;

/// <summary>
/// The client side of TLS to one upstream. Files are read at each handshake, which pooled connections make rare: a renewed
/// certificate is used from the next connection on, without a restart.
/// </summary>
internal sealed class UpstreamTls(UpstreamConnection connection)
{
    private const string PinPrefix = "sha256/";

    /// <summary>Applies whom to trust; the system's trust store where nothing is configured.</summary>
    public void Configure(SslClientAuthenticationOptions options)
    {
        if (connection.PinnedKey is not null || connection.CertificateAuthority is not null)
        {
            options.RemoteCertificateValidationCallback = (_, certificate, chain, errors) => IsTrusted(certificate, chain, errors);
        }
    }

    /// <summary>The handshake with a certificate of ours. Not left to the HTTP client: what that asks for at each handshake is sent without its chain.</summary>
    public async Task<SslStream> AuthenticateAsync(Stream stream, string host, CancellationToken cancellationToken)
    {
        var tls = new SslStream(stream);
        try
        {
            var options = new SslClientAuthenticationOptions
            {
                TargetHost = host,
                ApplicationProtocols = [SslApplicationProtocol.Http11],
                ClientCertificateContext = ReadClientCertificate(),
            };
            Configure(options);
            await tls.AuthenticateAsClientAsync(options, cancellationToken);
            return tls;
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether a pin has the form that is documented.</summary>
    public static bool IsPin(string pin) => TryParsePin(pin, out _);

    /// <summary>The pin of a certificate.</summary>
    public static string PinOf(X509Certificate2 certificate) =>
        PinPrefix + Convert.ToBase64String(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));

    private static bool TryParsePin(string pin, out byte[] hash)
    {
        hash = new byte[SHA256.HashSizeInBytes];
        return pin.StartsWith(PinPrefix, StringComparison.Ordinal)
            && Convert.TryFromBase64String(pin[PinPrefix.Length..], hash, out var length)
            && length == hash.Length;
    }

    private bool IsTrusted(X509Certificate? certificate, X509Chain? handshake, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 leaf)
        {
            return false;
        }

        if (connection.PinnedKey is { } pin)
        {
            var hash = SHA256.HashData(leaf.PublicKey.ExportSubjectPublicKeyInfo());
            return TryParsePin(pin, out var expected) && CryptographicOperations.FixedTimeEquals(hash, expected);
        }

        // The name must match all the same; only the question who may issue has another answer than the system's.
        return (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None && IsIssuedByConfiguredAuthority(leaf, handshake);
    }

    private bool IsIssuedByConfiguredAuthority(X509Certificate2 leaf, X509Chain? handshake)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // Private authorities rarely publish revocations.
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1")); // id-kp-serverAuth, RFC 5280 section 4.2.1.12
        chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(connection.CertificateAuthority!);
        if (handshake is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(handshake.ChainPolicy.ExtraStore);
        }

        return chain.Build(leaf);
    }

    private SslStreamCertificateContext ReadClientCertificate()
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(connection.ClientCertificate!);
        var leaf = X509Certificate2.CreateFromPemFile(connection.ClientCertificate!, connection.ClientCertificateKey ?? connection.ClientCertificate!);
        if (OperatingSystem.IsWindows())
        {
            // Windows' TLS cannot use a key that is only in memory.
            using var inMemory = leaf;
            leaf = X509CertificateLoader.LoadPkcs12(inMemory.Export(X509ContentType.Pkcs12), password: null);
        }

        return SslStreamCertificateContext.Create(leaf, chain, offline: true);
    }
}
