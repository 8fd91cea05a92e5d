using Microsoft.Extensions.Diagnostics.HealthChecks;
using VllmSecure.Proxy.Routing.Models;
using VllmSecure.Proxy.Routing.Servers;

namespace VllmSecure.Proxy.Routing;

/// <summary>Ready when an upstream lists a model and may get requests: a vLLM that only accepts connections cannot serve yet.</summary>
internal sealed class UpstreamsHealthCheck(ModelCatalog catalog, UpstreamServers servers) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var listing = await catalog.GetAsync(cancellationToken);
        var failures = string.Join("; ", listing.Failures.Select(failure => $"{failure.Key}: {failure.Value}"));
        if (listing.Ready.Count > 0 && !servers.All.Exists(server => listing.Ready.Contains(server.Name, StringComparer.Ordinal) && server.Breaker.IsAvailable && !servers.IsDrained(server)))
        {
            return HealthCheckResult.Unhealthy($"Every upstream that lists models is being drained, or its requests fail. {failures}".TrimEnd());
        }

        if (listing.Ready.Count > 0)
        {
            return HealthCheckResult.Healthy(failures.Length == 0 ? null : failures);
        }

        return HealthCheckResult.Unhealthy(failures.Length == 0 ? "No upstream is configured (Upstreams:<name>:Address)." : failures);
    }
}
