using System.Net;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Tls.ClientCertificates;

namespace VllmSecure.Proxy.Tls.Serving;

/// <summary>
/// The certificates that handshakes are answered with. A swap replaces one reference: open connections keep what they
/// have, the next handshake gets the new one. Replaced certificates are left to the garbage collector, as handshakes in
/// flight may still hold them.
/// </summary>
internal sealed class CertificateStore(IOptions<TlsOptions> options, ClientCertificatePolicy? clients = null)
{
    private readonly Lock _writing = new();
    private volatile CertificateSnapshot _snapshot = CertificateSnapshot.Empty;

    /// <summary>The certificates of this moment, the default one first.</summary>
    public IReadOnlyList<ServingCertificate> Certificates => _snapshot.Certificates;

    public ServingCertificate? Select(string? serverName, IPAddress? localAddress) => _snapshot.Select(serverName, localAddress);

    /// <summary>Replaces all certificates. One that is in the store already keeps its TLS context, and so its sessions.</summary>
    public void Replace(IEnumerable<ServerCertificate> certificates)
    {
        lock (_writing)
        {
            var known = _snapshot.Certificates.ToDictionary(serving => serving.Certificate);
            _snapshot = new([.. certificates.Select(certificate => known.GetValueOrDefault(certificate) ?? Prepare(certificate))]);
        }
    }

    /// <summary>Gives every certificate a new TLS context, and with it new ticket keys.</summary>
    public void RenewContexts()
    {
        lock (_writing)
        {
            _snapshot = new([.. _snapshot.Certificates.Select(serving => Prepare(serving.Certificate))]);
        }
    }

    /// <summary>The certificates as a source describes them that has nothing to add.</summary>
    public IReadOnlyList<CertificateStatus> Describe() =>
    [
        .. Certificates.Select(serving => serving.Certificate)
            .Select(certificate => new CertificateStatus(certificate.Names, certificate.Origin, certificate.NotAfter)),
    ];

    private ServingCertificate Prepare(ServerCertificate certificate) =>
        new(certificate, allowTls12: options.Value.MinimumVersion == TlsVersions.Tls12, clients);
}
