using VllmSecure.Proxy.Tls.HandedOver;

namespace VllmSecure.Proxy.Tls;

/// <summary>Which source is in charge. Pure: configuration and environment in, the source or null out.</summary>
internal static class TlsSourceChoice
{
    /// <summary>One of <see cref="TlsSources"/>; null where Production has not said it or the value is unknown.</summary>
    public static string? Of(TlsOptions options, IConfiguration configuration, IHostEnvironment environment)
    {
        if (!string.IsNullOrWhiteSpace(options.Source))
        {
            return Array.Find(TlsSources.Configurable, source => string.Equals(source, options.Source, StringComparison.OrdinalIgnoreCase));
        }

        if (HandedOverCertificate.From(configuration) is not null)
        {
            return TlsSources.HandedOver;
        }

        return environment.IsProduction() ? null : TlsSources.Development;
    }
}
