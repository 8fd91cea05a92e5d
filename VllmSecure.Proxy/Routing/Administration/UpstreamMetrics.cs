using System.Diagnostics.Metrics;
using VllmSecure.Proxy.Routing.Servers;
using VllmSecure.Proxy.Telemetry;

namespace VllmSecure.Proxy.Routing.Administration;

/// <summary>Gauges over every server: whether it gets requests, how many it has, and what its engine says of itself.</summary>
internal sealed class UpstreamMetrics
{
    private readonly UpstreamServers _servers;

    public UpstreamMetrics(IMeterFactory meters, UpstreamServers servers)
    {
        _servers = servers;
        var meter = meters.Create(TelemetryNames.Meter);
        meter.CreateObservableGauge(UpstreamMetricNames.Available, () => Measure(server => servers.IsDrained(server) || !server.Breaker.IsAvailable ? 0 : 1), null, "1: the server gets requests");
        meter.CreateObservableGauge(UpstreamMetricNames.Requests, () => Measure(server => server.Requests), "{request}", "Requests of this proxy that the server has not finished");
        meter.CreateObservableGauge(UpstreamMetricNames.EngineRunning, () => Measure(server => server.Gauges?.Running), "{request}", "Requests that the engine works on");
        meter.CreateObservableGauge(UpstreamMetricNames.EngineWaiting, () => Measure(server => server.Gauges?.Waiting), "{request}", "Requests in the engine's queue");
        meter.CreateObservableGauge(UpstreamMetricNames.EngineCacheUsage, () => Measure(server => server.Gauges?.CacheUsage), null, "The engine's KV cache in use, 0 to 1");
    }

    private IEnumerable<Measurement<double>> Measure(Func<UpstreamServer, double?> value)
    {
        foreach (var server in _servers.All)
        {
            if (value(server) is { } measured)
            {
                yield return new Measurement<double>(measured, new KeyValuePair<string, object?>(TelemetryNames.UpstreamAttribute, server.Name));
            }
        }
    }
}
