using System.Diagnostics.Metrics;
using VllmSecure.Proxy.Telemetry;

namespace VllmSecure.Proxy.Tls;

/// <summary>Gauges over the state of each certificate: what an alert on a stuck renewal goes by.</summary>
internal sealed class CertificateMetrics
{
    private readonly IServiceProvider _services;
    private readonly TimeProvider _clock;

    public CertificateMetrics(IMeterFactory meters, IServiceProvider services, TimeProvider clock)
    {
        (_services, _clock) = (services, clock);
        var meter = meters.Create(TelemetryNames.Meter);
        meter.CreateObservableGauge(CertificateMetricNames.Expiry, () => Measure(certificate => Until(certificate.NotAfter)), "s", "Time until the certificate ends");
        meter.CreateObservableGauge(CertificateMetricNames.Renewal, () => Measure(certificate => Until(certificate.NextRenewal)), "s", "Time until the next planned attempt to renew");
        meter.CreateObservableGauge(CertificateMetricNames.LastAttempt, () => Measure(certificate => -Until(certificate.LastAttempt)), "s", "Time since the last attempt to renew");
        meter.CreateObservableGauge(CertificateMetricNames.LastResult, () => Measure(ResultOf), null, "1: the last attempt succeeded");
        meter.CreateObservableGauge(CertificateMetricNames.Failures, () => Measure(certificate => certificate.Failures), "{attempt}", "Failed attempts in a row");
    }

    private IEnumerable<Measurement<double>> Measure(Func<CertificateStatus, double?> value)
    {
        // Asked for late: a collector may look before the source is chosen.
        foreach (var certificate in _services.GetRequiredService<ICertificateSource>().Describe())
        {
            if (value(certificate) is { } measured)
            {
                yield return new Measurement<double>(
                    measured,
                    new(CertificateMetricNames.NameAttribute, certificate.Names.Count > 0 ? certificate.Names[0] : "none"),
                    new(CertificateMetricNames.PlaceholderAttribute, certificate.IsPlaceholder));
            }
        }
    }

    /// <summary>Null without an outcome: an attempt is under way, or the process ended in it.</summary>
    private static double? ResultOf(CertificateStatus certificate) => certificate switch
    {
        { LastAttempt: null } => null,
        { LastError: not null } => 0,
        { Failures: 0 } => 1,
        _ => null,
    };

    private double? Until(DateTimeOffset? instant) => (instant - _clock.GetUtcNow())?.TotalSeconds;
}
