using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace VllmSecure.Proxy.Tls;

/// <summary>Not ready while there are placeholders alone, with the reason: clients would refuse them anyhow.</summary>
internal sealed class CertificateHealthCheck(IServiceProvider services, TimeProvider clock) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var certificates = services.GetRequiredService<ICertificateSource>().Describe();
        return Task.FromResult(Judge(certificates, clock.GetUtcNow()));
    }

    /// <summary>
    /// A certificate that ended leaves the proxy ready: taking it out of service would turn a warning that clients can
    /// read into a silent outage. So does a name without one beside a name that has one, which goes on to be served.
    /// </summary>
    internal static HealthCheckResult Judge(IReadOnlyList<CertificateStatus> certificates, DateTimeOffset now)
    {
        string[] faults =
        [
            .. certificates.Where(certificate => certificate.IsPlaceholder).Select(DescribeMissing),
            .. certificates.Where(certificate => !certificate.IsPlaceholder && certificate.NotAfter <= now).Select(DescribeEnded),
        ];
        if (faults.Length == 0)
        {
            return HealthCheckResult.Healthy();
        }

        var description = string.Join(" ", faults);
        return certificates.All(certificate => certificate.IsPlaceholder) ? HealthCheckResult.Unhealthy(description) : HealthCheckResult.Degraded(description);
    }

    private static string DescribeMissing(CertificateStatus certificate) =>
        $"No certificate for {string.Join(", ", certificate.Names)} yet: {certificate.LastError ?? "it is being ordered."}";

    private static string DescribeEnded(CertificateStatus certificate) =>
        $"The certificate for {string.Join(", ", certificate.Names)} ended at {certificate.NotAfter:u}: {certificate.LastError ?? "it was not renewed."}";
}
