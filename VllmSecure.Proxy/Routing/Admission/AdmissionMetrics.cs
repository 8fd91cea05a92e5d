using System.Diagnostics.Metrics;
using VllmSecure.Proxy.Telemetry;

namespace VllmSecure.Proxy.Routing.Admission;

/// <summary>How many requests wait, and how long those had to that do no more.</summary>
internal sealed class AdmissionMetrics
{
    private readonly Histogram<double> _wait;

    public AdmissionMetrics(IMeterFactory meters, Lazy<AdmissionGate> gate)
    {
        var meter = meters.Create(TelemetryNames.Meter);
        meter.CreateObservableGauge(AdmissionMetricNames.Requests, () => gate.Value.Waiting, "{request}", "Requests that wait for room on a server.");
        _wait = meter.CreateHistogram(
            AdmissionMetricNames.Wait, GenAiConventions.Seconds, "Time that a request waited for room on a server.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = GenAiConventions.FirstTokenBuckets });
    }

    public void Waited(TimeSpan time) => _wait.Record(time.TotalSeconds);
}
