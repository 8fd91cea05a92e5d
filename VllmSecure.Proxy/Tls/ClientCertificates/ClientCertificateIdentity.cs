using System.Security.Cryptography.X509Certificates;
using VllmSecure.Proxy.Tls.Serving;

namespace VllmSecure.Proxy.Tls.ClientCertificates;

/// <summary>Which API key a client certificate stands for. Pure.</summary>
internal static class ClientCertificateIdentity
{
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
        .Append(certificate.GetNameInfo(X509NameType.UrlName, forIssuer: false))
        .Append(certificate.GetNameInfo(X509NameType.EmailName, forIssuer: false))
        .Append(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false))
        .Where(name => name.Length > 0);
}
