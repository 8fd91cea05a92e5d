using System.Formats.Asn1;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using VllmSecure.Proxy.Tls.Acme.Protocol;
using VllmSecure.Proxy.Tls.Serving;

namespace VllmSecure.Proxy.Tls.Acme.Challenges;

/// <summary>The self-signed certificate of RFC 8737 section 3, which carries the answer in an extension.</summary>
internal static class TlsAlpn01Certificate
{
    public static readonly SslApplicationProtocol Protocol = new("acme-tls/1");

    /// <summary>id-pe-acmeIdentifier.</summary>
    public const string ExtensionOid = "1.3.6.1.5.5.7.1.31";

    // A validation takes minutes at most; a day on either side forgives any clock.
    private static readonly TimeSpan Validity = TimeSpan.FromDays(1);

    public static X509Certificate2 Create(AcmeIdentifier identifier, string keyAuthorization, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=ACME challenge", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (identifier.IsAddress)
        {
            names.AddIpAddress(IPAddress.Parse(identifier.Value));
        }
        else
        {
            names.AddDnsName(identifier.Value);
        }

        var answer = new AsnWriter(AsnEncodingRules.DER);
        answer.WriteOctetString(SHA256.HashData(Encoding.ASCII.GetBytes(keyAuthorization)));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509Extension(ExtensionOid, answer.Encode(), critical: true));
        return PrivateKeys.ForTls(request.CreateSelfSigned(now - Validity, now + Validity));
    }

    /// <summary>The server name that the CA will send: for an address its reverse name (RFC 8738 section 6).</summary>
    public static string ServerNameOf(AcmeIdentifier identifier)
    {
        if (!identifier.IsAddress)
        {
            return identifier.Value;
        }

        var address = IPAddress.Parse(identifier.Value);
        var bytes = address.GetAddressBytes().Reverse();
        return address.AddressFamily == AddressFamily.InterNetwork
            ? string.Join('.', bytes) + ".in-addr.arpa"
            : string.Join('.', bytes.SelectMany(value => (string[])[(value & 0xF).ToString("x", null), (value >> 4).ToString("x", null)])) + ".ip6.arpa";
    }
}
