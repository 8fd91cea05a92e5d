using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace VllmSecure.Proxy.Tls.Acme.Protocol;

/// <summary>Certificate signing requests (RFC 2986): an empty subject, as CAs go by the alternative name alone.</summary>
internal static class SigningRequests
{
    /// <summary>DER of a request for one identifier.</summary>
    public static byte[] Create(AcmeIdentifier identifier, ECDsa key)
    {
        var request = new CertificateRequest(new X500DistinguishedName([0x30, 0x00]), key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (identifier.IsAddress)
        {
            names.AddIpAddress(IPAddress.Parse(identifier.Value));
        }
        else
        {
            names.AddDnsName(identifier.Value);
        }

        // Critical where the subject is empty (RFC 5280 section 4.2.1.6).
        request.CertificateExtensions.Add(names.Build(critical: true));
        return request.CreateSigningRequest();
    }
}
