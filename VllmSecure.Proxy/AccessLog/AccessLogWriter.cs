using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Telemetry;

namespace VllmSecure.Proxy.AccessLog;

/// <summary>Hands each finished request to every sink; a slow one does not hold up another.</summary>
internal sealed class AccessLogWriter : IHostedService, IDisposable
{
    private readonly AccessLogFormatter _formatter;
    private readonly List<AccessLogSink> _sinks;
    private readonly CancellationTokenSource _abandoned = new();
    private Task _running = Task.CompletedTask;

    public AccessLogWriter(
        AccessLogFormatter formatter, IEnumerable<IAccessLogTarget> targets, IOptions<AccessLogOptions> options, IMeterFactory meters, ILogger<AccessLogWriter> logger)
    {
        _formatter = formatter;
        var dropped = meters.Create(TelemetryNames.Meter).CreateCounter<long>(
            TelemetryNames.AccessLogDropped, "{line}", "Lines of the access log that were dropped.");
        _sinks = [.. targets.Where(target => target.IsEnabled).Select(target => new AccessLogSink(target, options.Value.QueueLength, dropped, logger))];
    }

    /// <summary>Queues the line of a request. Never waits.</summary>
    public void Write(AccessLogEntry entry)
    {
        if (_sinks.Count == 0)
        {
            return;
        }

        var line = _formatter.Format(entry);
        foreach (var sink in _sinks)
        {
            sink.Offer(line);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running = Task.WhenAll(_sinks.Select(sink => Task.Run(() => sink.RunAsync(_abandoned.Token), CancellationToken.None)));
        return Task.CompletedTask;
    }

    /// <summary>Runs after the server has stopped; writes what waits for as long as the host's shutdown allows.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _sinks.ForEach(sink => sink.Complete());
        using (cancellationToken.Register(_abandoned.Cancel))
        {
            try
            {
                // Cancelled, a target gives up; but a write to a pipe that nobody reads is a system call, which does not.
                await _running.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                // A reader of standard output that does not read must not keep the process alive.
            }
        }
    }

    public void Dispose() => _abandoned.Dispose();
}
