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
        var looks = new Dictionary<UpstreamServer, Task>();
        do
        {
            // None waits for another's: a server that hangs is left to its look, and the others are looked at in time.
            looks = servers.All.ToDictionary(
                server => server, server => looks.GetValueOrDefault(server) is { IsCompleted: false } running ? running : LookAsync(server, stoppingToken));
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task LookAsync(UpstreamServer server, CancellationToken stopping)
    {
        var (before, known) = (server.Breaker.IsAvailable, server.LastLook?.Failure);
        await probe.LookAsync(server, options.Value, stopping);
        if (server.LastLook?.Failure is { } failure && failure != known)
        {
            Log.Failed(logger, server.Name, failure);
        }

        if (before != server.Breaker.IsAvailable)
        {
            Log.Changed(logger, server.Name, before ? $"gets no more requests: looking at it failed ({server.LastLook?.Failure})" : "is back");
        }
    }
}
