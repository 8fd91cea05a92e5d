using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Routing.Administration;
using VllmSecure.Proxy.Routing.Servers;

namespace VllmSecure.Proxy.Routing.Health;

/// <summary>Looks at every server again and again.</summary>
internal sealed partial class HealthMonitor(
    UpstreamServers servers, ServerProbe probe, UpstreamMetrics metrics, IOptions<UpstreamHealthOptions> options, TimeProvider clock, ILogger<HealthMonitor> logger) : BackgroundService
{
    // Held for its instruments, which nobody else asks for.
    private readonly UpstreamMetrics _metrics = metrics;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.IntervalSeconds == 0)
        {
            return;
        }

        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.IntervalSeconds), clock);
        do
        {
            await Task.WhenAll(servers.All.Select(server => LookAsync(server, stoppingToken)));
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task LookAsync(UpstreamServer server, CancellationToken stopping)
    {
        var before = server.Breaker.IsAvailable;
        await probe.LookAsync(server, options.Value, stopping);
        if (before != server.Breaker.IsAvailable)
        {
            Log.Changed(logger, server.Name, before ? "gets no more requests: looking at it failed" : "is back");
        }
    }
}
