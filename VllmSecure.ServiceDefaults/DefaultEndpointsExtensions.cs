using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace VllmSecure.ServiceDefaults;

/// <summary>The endpoints that a supervisor and a collector ask. They have no authentication.</summary>
public static class DefaultEndpointsExtensions
{
    /// <summary>Whether the process works: the checks with the tag <see cref="ServiceDefaultsExtensions.LiveTag"/>.</summary>
    public const string LivePath = "/health/live";

    /// <summary>Whether requests can be served: every check.</summary>
    public const string ReadyPath = "/health/ready";

    /// <summary>Prometheus exposition format.</summary>
    public const string MetricsPath = "/metrics";

    /// <summary>
    /// Maps health (200, or 503 where a check fails) and metrics, in every environment. Map them only where clients do
    /// not come: in a pipeline branch of a private listener.
    /// </summary>
    public static IEndpointRouteBuilder MapDefaultEndpoints(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapHealthChecks(LivePath, Checks(check => check.Tags.Contains(ServiceDefaultsExtensions.LiveTag))).DisableHttpMetrics();
        endpoints.MapHealthChecks(ReadyPath, Checks(_ => true)).DisableHttpMetrics();
        endpoints.MapPrometheusScrapingEndpoint(MetricsPath).DisableHttpMetrics();
        return endpoints;
    }

    private static HealthCheckOptions Checks(Func<HealthCheckRegistration, bool> predicate) => new()
    {
        Predicate = predicate,
        ResponseWriter = (context, report) =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.Body.WriteAsync(HealthReportBody.Serialize(report), context.RequestAborted).AsTask();
        },
    };
}
