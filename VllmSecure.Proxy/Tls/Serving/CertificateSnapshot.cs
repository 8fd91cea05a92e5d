using System.Collections.Frozen;
using System.Net;

namespace VllmSecure.Proxy.Tls.Serving;

/// <summary>The certificates of one moment, and how one of them is chosen. Immutable.</summary>
internal sealed class CertificateSnapshot
{
    private readonly FrozenDictionary<string, ServingCertificate> _byName;
    private readonly ServingCertificate? _forAddresses;

    /// <param name="certificates">In order of preference; the first is the default.</param>
    public CertificateSnapshot(IReadOnlyList<ServingCertificate> certificates)
    {
        Certificates = certificates;
        var byName = new Dictionary<string, ServingCertificate>(StringComparer.Ordinal);
        foreach (var certificate in certificates)
        {
            foreach (var name in certificate.Certificate.Names)
            {
                byName.TryAdd(name, certificate);
            }
        }

        _byName = byName.ToFrozenDictionary(StringComparer.Ordinal);
        _forAddresses = certificates.FirstOrDefault(certificate => certificate.Certificate.Names.Any(name => IPAddress.TryParse(name, out _)));
    }

    public static CertificateSnapshot Empty { get; } = new([]);

    public IReadOnlyList<ServingCertificate> Certificates { get; }

    /// <summary>
    /// By the name asked for: exact, then wildcard, then the default. No name means that the client was given an IP
    /// address (RFC 6066 section 3): then the certificate of the address it reached, or of any address, as the one it
    /// typed may belong to a router in front.
    /// </summary>
    public ServingCertificate? Select(string? serverName, IPAddress? localAddress)
    {
        if (Certificates.Count <= 1)
        {
            return Certificates.Count == 0 ? null : Certificates[0];
        }

        return string.IsNullOrEmpty(serverName) ? ByAddress(localAddress) : ByName(serverName);
    }

    private ServingCertificate ByName(string name)
    {
        if (_byName.TryGetValue(name, out var exact))
        {
            return exact;
        }

        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && _byName.TryGetValue(string.Concat("*", name.AsSpan(dot)), out var wildcard) ? wildcard : Certificates[0];
    }

    private ServingCertificate ByAddress(IPAddress? address)
    {
        if (address is { IsIPv4MappedToIPv6: true })
        {
            address = address.MapToIPv4();
        }

        return address is not null && _byName.TryGetValue(address.ToString(), out var exact) ? exact : _forAddresses ?? Certificates[0];
    }
}
