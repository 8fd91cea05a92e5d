using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Health;

/// <summary>
/// Drains at shutdown. It works in <see cref="StoppingAsync"/>, which runs before any hosted service stops: at
/// <c>StopAsync</c> Kestrel has closed its sockets already, and clients would see refused connections instead of a 503.
/// </summary>
internal sealed partial class DrainService(
    RunningRequests running, IOptions<ShutdownOptions> options, TimeProvider clock, ILogger<DrainService> logger) : IHostedLifecycleService
{
    /// <summary>What cut requests get to unwind before the server stops.</summary>
    private static readonly TimeSpan UnwindTime = TimeSpan.FromSeconds(5);

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        var idle = running.DrainAsync();
        if (idle.IsCompleted)
        {
            return;
        }

        Log.Draining(logger, running.Count, options.Value.DrainSeconds);
        if (await EndedWithinAsync(idle, TimeSpan.FromSeconds(options.Value.DrainSeconds), cancellationToken))
        {
            Log.Drained(logger);
            return;
        }

        Log.Cut(logger, running.Count, options.Value.DrainSeconds);
        await running.CutAsync();
        await EndedWithinAsync(idle, UnwindTime, cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<bool> EndedWithinAsync(Task task, TimeSpan time, CancellationToken cancellationToken)
    {
        try
        {
            await task.WaitAsync(time, clock, cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }
}
