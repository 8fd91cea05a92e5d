using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Routing.Health;
using VllmSecure.Proxy.Routing.Servers;

namespace VllmSecure.Proxy.Routing.Admission;

/// <summary>While requests wait, asks the engines often how they do; otherwise it rests.</summary>
internal sealed class EngineWatch(AdmissionGate gate, UpstreamServers servers, ServerProbe probe, IOptions<UpstreamHealthOptions> health, TimeProvider clock)
    : BackgroundService
{
    /// <summary>Short beside any answer, and long beside what <c>/metrics</c> costs vLLM (routers ask every 50 ms).</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var _ in gate.Fillings.ReadAllAsync(stoppingToken))
        {
            while (gate.Waiting > 0)
            {
                var known = servers.All.Where(server => server.Gauges is not null);
                await Task.WhenAll(known.Select(server => probe.LookAtGaugesAsync(server, health.Value, stoppingToken)));
                gate.Update();
                await Task.Delay(Pause, clock, stoppingToken);
            }
        }
    }
}
