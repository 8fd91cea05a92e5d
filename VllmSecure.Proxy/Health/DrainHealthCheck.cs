using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace VllmSecure.Proxy.Health;

/// <summary>Not ready from the moment of the drain on, so that a load balancer sends nothing more.</summary>
internal sealed class DrainHealthCheck(RunningRequests running) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            running.IsStopping ? HealthCheckResult.Unhealthy("The proxy is shutting down.")
            : running.IsDraining ? HealthCheckResult.Unhealthy("The proxy is being drained, as it was told; undrain ends that.")
            : HealthCheckResult.Healthy());
}
