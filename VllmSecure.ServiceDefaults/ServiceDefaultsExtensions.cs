using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace VllmSecure.ServiceDefaults;

/// <summary>What every service of the stack shares: OpenTelemetry, health checks, service discovery.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>The tag of a health check that says whether the process works at all; every check says whether it is ready.</summary>
    public const string LiveTag = "live";

    /// <summary>
    /// Adds OpenTelemetry, a liveness check and service discovery. There is deliberately no resilience handler: its
    /// timeouts of seconds, and its retries, would break inference, where a first byte may take minutes.
    /// </summary>
    /// <param name="builder">The application to extend.</param>
    /// <param name="configure">Adds the service's own meters and activity sources.</param>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder, Action<ServiceDefaultsOptions>? configure = null)
        where TBuilder : IHostApplicationBuilder
    {
        var options = new ServiceDefaultsOptions();
        configure?.Invoke(options);

        builder.AddOpenTelemetry(options);
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [LiveTag]);
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http => http.AddServiceDiscovery());
        return builder;
    }
}
