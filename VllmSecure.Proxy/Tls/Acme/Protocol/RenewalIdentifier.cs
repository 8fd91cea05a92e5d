using System.Buffers.Text;
using System.Security.Cryptography.X509Certificates;

namespace VllmSecure.Proxy.Tls.Acme.Protocol;

/// <summary>The name of a certificate in ARI (RFC 9773 section 4.1).</summary>
internal static class RenewalIdentifier
{
    /// <summary>Key identifier of its issuer and serial number, each base64url; null where the certificate names no issuer key.</summary>
    public static string? Of(X509Certificate2 certificate)
    {
        var issuerKey = certificate.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().FirstOrDefault()?.KeyIdentifier;

        // The serial as it stands in the DER, with a leading 00 where the sign bit would be set.
        return issuerKey is null
            ? null
            : $"{Base64Url.EncodeToString(issuerKey.Value.Span)}.{Base64Url.EncodeToString(certificate.SerialNumberBytes.Span)}";
    }
}
