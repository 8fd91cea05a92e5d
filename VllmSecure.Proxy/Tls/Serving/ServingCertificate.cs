using System.Net.Security;
using System.Security.Authentication;
using VllmSecure.Proxy.Tls.ClientCertificates;
using VllmSecure.Proxy.Tls.Handshake;

namespace VllmSecure.Proxy.Tls.Serving;

/// <summary>
/// A certificate ready for handshakes. The TLS context with its ticket keys belongs to this object: sessions resume while
/// it is in the store, and a new object for the same certificate does not know them.
/// </summary>
internal sealed class ServingCertificate
{
    // Above every bit that SslProtocols defines (Tls13 is 0x3000).
    private const int GenerationShift = 16;

    // Enough that no two contexts in use share one, at two a day for each certificate.
    private const int Generations = 1 << 14;

    private static int _lastGeneration;

    private readonly ClientCertificatePolicy? _clients;
    private readonly SslServerAuthenticationOptions _modern;
    private readonly SslServerAuthenticationOptions _restricted;

    public ServingCertificate(ServerCertificate certificate, bool allowTls12, ClientCertificatePolicy? clients = null)
    {
        Certificate = certificate;
        _clients = clients;
        var context = SslStreamCertificateContext.Create(certificate.Leaf, [.. certificate.Intermediates], offline: true, WithoutRoots(certificate));

        // CipherSuitesPolicy switches session resumption off, on TLS 1.3 too, and without it TLS 1.2 would accept CBC suites:
        // so the policy is only for clients that have no TLS 1.3, whose own suites are all AEAD.
        _modern = Create(context, SslProtocols.Tls13 + NextGeneration());
        // With both versions, so that a client which was made to believe that there is no TLS 1.3 is told (RFC 8446 section 4.1.3).
        _restricted = allowTls12 ? WithSuites(Create(context, SslProtocols.Tls12 | SslProtocols.Tls13)) : _modern;
    }

    public ServerCertificate Certificate { get; }

    /// <summary>The options for a client; null where its ClientHello could not be read.</summary>
    public SslServerAuthenticationOptions For(ClientHello? hello) => hello?.SupportsTls13 == true ? _modern : _restricted;

    /// <summary>QUIC is TLS 1.3 by definition; the transport adds its own ALPN, so these are not shared.</summary>
    public SslServerAuthenticationOptions ForQuic()
    {
        var options = Create(_modern.ServerCertificateContext!, SslProtocols.Tls13);
        options.ApplicationProtocols = null;
        return options;
    }

    /// <summary>
    /// .NET caches OpenSSL contexts by certificate and protocols for the whole process, so a new certificate context alone
    /// keeps the old ticket keys. Bits that no protocol has make the entry a new one; neither .NET nor OpenSSL looks at them.
    /// </summary>
    private static int NextGeneration() => OperatingSystem.IsLinux()
        ? (Interlocked.Increment(ref _lastGeneration) % Generations) << GenerationShift
        : 0;

    /// <summary>
    /// Keeps the machine's roots out of the chain that is sent: .NET would end it at the first that it knows, and leave out the
    /// cross-signed certificate by which clients with older roots reach theirs. Any list does but an empty one; the leaf of a
    /// chain is no root, so no client certificate is trusted by it.
    /// </summary>
    private static SslCertificateTrust? WithoutRoots(ServerCertificate certificate) => certificate.Intermediates.Count == 0
        ? null
        : SslCertificateTrust.CreateForX509Collection([certificate.Leaf], sendTrustInHandshake: false);

    private SslServerAuthenticationOptions Create(SslStreamCertificateContext context, SslProtocols protocols)
    {
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = context,
            EnabledSslProtocols = protocols,
            AllowRenegotiation = false,
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
        };
        _clients?.Apply(options);
        return options;
    }

    private static SslServerAuthenticationOptions WithSuites(SslServerAuthenticationOptions options)
    {
        options.CipherSuitesPolicy = ForwardSecretSuites.Policy;
        return options;
    }
}
