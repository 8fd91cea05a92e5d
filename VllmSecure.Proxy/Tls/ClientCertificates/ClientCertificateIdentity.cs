using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using VllmSecure.Proxy.Tls.Serving;

namespace VllmSecure.Proxy.Tls.ClientCertificates;

/// <summary>Which API key a client certificate stands for. Pure.</summary>
internal static class ClientCertificateIdentity
{
    // RFC 5280 section 4.2.1.6.
    private static readonly Asn1Tag Email = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag Uri = new(TagClass.ContextSpecific, 6);

    /// <summary>The id of the key; null where the certificate is only a second factor.</summary>
    public static string? KeyIdOf(X509Certificate2 certificate, IDictionary<string, string> keys)
    {
        if (keys.Count == 0)
        {
            return null;
        }

        var names = NamesOf(certificate).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return keys.Where(key => names.Contains(key.Value)).Select(key => key.Key).Order(StringComparer.Ordinal).FirstOrDefault();
    }

    private static IEnumerable<string> NamesOf(X509Certificate2 certificate) => CertificateNames.Of(certificate)
        .Concat(certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(names => EmailsAndUris(names.RawData)))
        .Append(certificate.GetNameInfo(X509NameType.EmailName, forIssuer: false))
        .Append(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false))
        .Where(name => name.Length > 0);

    /// <summary>.NET gives the first of each kind alone.</summary>
    private static IEnumerable<string> EmailsAndUris(byte[] alternativeNames)
    {
        var names = new AsnReader(alternativeNames, AsnEncodingRules.DER).ReadSequence();
        while (names.HasData)
        {
            var tag = names.PeekTag();
            if (tag == Email || tag == Uri)
            {
                yield return Encoding.UTF8.GetString(names.ReadOctetString(tag));
            }
            else
            {
                names.ReadEncodedValue();
            }
        }
    }
}
