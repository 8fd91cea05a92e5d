using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace VllmSecure.IntegrationTests.Harness;

/// <summary>An exporter of metrics that keeps the traces which they point to.</summary>
internal sealed class ExemplarRecorder : BaseExporter<Metric>
{
    private readonly ConcurrentDictionary<(string Metric, ActivityTraceId Trace), bool> _seen = new();

    public void AddTo(WebApplicationBuilder builder) =>
        builder.Services.ConfigureOpenTelemetryMeterProvider(metrics => metrics.AddReader(new BaseExportingMetricReader(this)));

    public bool Has(string metric, ActivityTraceId trace) => _seen.ContainsKey((metric, trace));

    public override ExportResult Export(in Batch<Metric> batch)
    {
        foreach (var metric in batch)
        {
            foreach (ref readonly var point in metric.GetMetricPoints())
            {
                if (!point.TryGetExemplars(out var exemplars))
                {
                    continue;
                }

                foreach (ref readonly var exemplar in exemplars)
                {
                    _seen.TryAdd((metric.Name, exemplar.TraceId), true);
                }
            }
        }

        return ExportResult.Success;
    }
}
