using Microsoft.Extensions.Configuration;

namespace VllmSecure.AppHost.SecureProxy;

/// <summary>Reads <c>Tls:Source</c>.</summary>
internal static class CertificateSources
{
    /// <exception cref="InvalidOperationException">The value is neither.</exception>
    public static CertificateSource From(IConfiguration configuration) => configuration["Tls:Source"]?.ToUpperInvariant() switch
    {
        null or "" or "ACME" => CertificateSource.Acme,
        "FILES" => CertificateSource.Files,
        _ => throw new InvalidOperationException($"Tls:Source is '{configuration["Tls:Source"]}': use {string.Join(", ", Enum.GetNames<CertificateSource>())}."),
    };
}
