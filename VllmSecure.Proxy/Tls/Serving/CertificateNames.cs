using System.Security.Cryptography.X509Certificates;

namespace VllmSecure.Proxy.Tls.Serving;

/// <summary>The names of a certificate: its subject alternative names, as clients have looked only at them since RFC 9525.</summary>
internal static class CertificateNames
{
    public static IReadOnlyList<string> Of(X509Certificate2 certificate) =>
    [
        .. certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(extension => extension.EnumerateDnsNames()
                .Select(name => name.ToLowerInvariant())
                .Concat(extension.EnumerateIPAddresses().Select(address => address.ToString())))
            .Distinct(StringComparer.Ordinal),
    ];
}
