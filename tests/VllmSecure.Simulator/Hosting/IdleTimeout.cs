using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace VllmSecure.Simulator.Hosting;

/// <summary>
/// Closes a connection that has been idle since its last response, as uvicorn does. Kestrel's own timeout rounds up to
/// its heartbeat, by up to two seconds, which would hide the race of a proxy that keeps connections 6 s.
/// </summary>
internal sealed class IdleTimeout : IDisposable
{
    private readonly SimulatorOptions _options;
    private readonly ITimer _timer;

    private IdleTimeout(SimulatorOptions options, ConnectionContext connection)
    {
        _options = options;
        var lifetime = connection.Features.Get<IConnectionLifetimeNotificationFeature>();
        _timer = options.TimeProvider.CreateTimer(
            _ => lifetime?.RequestClose(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public static ConnectionDelegate Watch(SimulatorOptions options, ConnectionDelegate next) => async connection =>
    {
        using var timeout = new IdleTimeout(options, connection);
        connection.Features.Set(timeout);
        await next(connection);
    };

    public static Task OnRequestAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Features.Get<IdleTimeout>() is { } timeout)
        {
            timeout._timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            http.Response.OnCompleted(timeout.StartAsync);
        }

        return next(http);
    }

    public void Dispose() => _timer.Dispose();

    private Task StartAsync()
    {
        _timer.Change(_options.KeepAlive, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }
}
