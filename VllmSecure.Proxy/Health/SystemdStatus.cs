using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting.Systemd;

namespace VllmSecure.Proxy.Health;

/// <summary>
/// Tells systemd in words what the unit is doing (<c>STATUS=</c>, shown by <c>systemctl status</c>). READY=1 has been said
/// by then, as soon as the sockets were bound: waiting with it for weights or a certificate would make systemd restart a
/// proxy that answers "loading" as it should.
/// </summary>
internal sealed class SystemdStatus(
    ISystemdNotifier systemd, HealthCheckService health, RunningRequests running, IHostApplicationLifetime lifetime, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <summary>A line of <c>systemctl status</c> is not for a list.</summary>
    private const int MaxLength = 200;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Not before the start has succeeded: the checks ask features that start as well.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Interval, clock);
        string? last = null;
        do
        {
            var status = running.IsStopping
                ? $"Shutting down: {running.Count} requests are finishing"
                : Describe(await health.CheckHealthAsync(stoppingToken));
            if (status != last)
            {
                systemd.Notify(new ServiceState("STATUS=" + status));
                last = status;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>One line about a report.</summary>
    internal static string Describe(HealthReport report)
    {
        var failing = report.Entries.Where(entry => entry.Value.Status == HealthStatus.Unhealthy).ToArray();
        if (failing.Length == 0)
        {
            return "Serving";
        }

        // A line break would start another assignment of the notify protocol.
        var reasons = string.Join("; ", failing.Select(entry => $"{entry.Key}: {entry.Value.Description}")).ReplaceLineEndings(" ");
        return "Not ready: " + (reasons.Length > MaxLength ? reasons[..MaxLength] + "…" : reasons);
    }
}
