using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace VllmSecure.Proxy.Tls.Development;

/// <summary>
/// Makes the certificates of the development authority, with every extension that OpenSSL (also under
/// <c>X509_V_FLAG_X509_STRICT</c>), Go, Node, .NET and browsers look for. Pure, apart from randomness.
/// </summary>
internal static class DevelopmentCertificates
{
    // A client whose clock is slow must not see a certificate from the future.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromHours(1);

    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");

    public static X509Certificate2 CreateAuthority(ECDsa key, string machine, DateTimeOffset now, DateTimeOffset notAfter)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddOrganizationName("VllmSecure development");

        // The random part keeps authorities of one machine apart in a trust store.
        subject.AddCommonName($"VllmSecure CA {machine} {RandomNumberGenerator.GetHexString(6, lowercase: true)}");
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        var keyIdentifier = new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(keyIdentifier);
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(keyIdentifier));
        return request.CreateSelfSigned(now - ClockSkew, notAfter);
    }

    /// <summary>A server certificate for localhost, the loopback addresses and the machine's name; without its key.</summary>
    public static X509Certificate2 CreateServer(
        X509Certificate2 authority, ECDsa key, IEnumerable<string> hosts, DateTimeOffset now, DateTimeOffset notAfter)
    {
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var authorityIdentifier = authority.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single();
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([ServerAuthentication], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(authorityIdentifier));
        request.CertificateExtensions.Add(AlternativeNames(hosts));

        // Certificates count in whole seconds; made in the same one, the leaf would else begin before its issuer.
        var authorityBegins = new DateTimeOffset(authority.NotBefore);
        var notBefore = now - ClockSkew;
        return request.Create(authority, notBefore > authorityBegins ? notBefore : authorityBegins, notAfter, SerialNumber());
    }

    private static X509Extension AlternativeNames(IEnumerable<string> hosts)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(host);
            }
        }

        return names.Build();
    }

    /// <summary>Positive, as RFC 5280 section 4.1.2.2 asks, and random.</summary>
    private static byte[] SerialNumber()
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
        return serial;
    }
}
