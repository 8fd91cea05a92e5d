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

    /// <summary>Whether a certificate for <paramref name="pattern"/> covers a host; <c>*.</c> stands for exactly one label.</summary>
    public static bool Covers(string pattern, string host)
    {
        if (!pattern.StartsWith("*.", StringComparison.Ordinal))
        {
            return string.Equals(pattern, host, StringComparison.OrdinalIgnoreCase);
        }

        var dot = host.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && host.AsSpan(dot).Equals(pattern.AsSpan(1), StringComparison.OrdinalIgnoreCase);
    }
}
