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
            var looks = new Dictionary<UpstreamServer, Task>();
            while (gate.Waiting > 0)
            {
                // None waits for another's: a server that hangs must not hold up what the others have room for.
                looks = servers.All.FindAll(server => server.Gauges is not null).ToDictionary(
                    server => server, server => looks.GetValueOrDefault(server) is { IsCompleted: false } running ? running : LookAsync(server, stoppingToken));
                gate.Update(); // Servers join and recover without a look of this kind.
                await Task.Delay(Pause, clock, stoppingToken);
            }
        }
    }

    private async Task LookAsync(UpstreamServer server, CancellationToken stopping)
    {
        await probe.LookAtGaugesAsync(server, health.Value, stopping);
        gate.Update();
    }
}
