using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace VllmSecure.Proxy.Tls;

/// <summary>Not ready while a placeholder is served, with the reason: clients would refuse it anyhow.</summary>
internal sealed class CertificateHealthCheck(IServiceProvider services, TimeProvider clock) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var certificates = services.GetRequiredService<ICertificateSource>().Describe();
        return Task.FromResult(Judge(certificates, clock.GetUtcNow()));
    }

    /// <summary>
    /// A certificate that ended leaves the proxy ready: taking it out of service would turn a warning that clients can
    /// read into a silent outage.
    /// </summary>
    internal static HealthCheckResult Judge(IReadOnlyList<CertificateStatus> certificates, DateTimeOffset now)
    {
        var missing = certificates.Where(certificate => certificate.IsPlaceholder).Select(DescribeMissing).ToArray();
        if (missing.Length > 0)
        {
            return HealthCheckResult.Unhealthy(string.Join(" ", missing));
        }

        var ended = certificates.Where(certificate => certificate.NotAfter <= now).Select(DescribeEnded).ToArray();
        return ended.Length > 0 ? HealthCheckResult.Degraded(string.Join(" ", ended)) : HealthCheckResult.Healthy();
    }

    private static string DescribeMissing(CertificateStatus certificate) =>
        $"No certificate for {string.Join(", ", certificate.Names)} yet: {certificate.LastError ?? "it is being ordered."}";

    private static string DescribeEnded(CertificateStatus certificate) =>
        $"The certificate for {string.Join(", ", certificate.Names)} ended at {certificate.NotAfter:u}: {certificate.LastError ?? "it was not renewed."}";
}
