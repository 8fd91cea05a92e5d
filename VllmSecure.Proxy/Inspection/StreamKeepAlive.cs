using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Inspection;

/// <summary>
/// Keeps clients of a silent stream waiting: once the upstream has sent its headers, ours go out after one interval at the
/// latest, with a comment, and then a comment in each interval of silence. Queue and prefill may take minutes; Node's fetch
/// gives up after five without a byte, and many proxies after one. The timer reads timestamps, so chunks cost it nothing.
/// </summary>
internal sealed class StreamKeepAlive : IDisposable
{
    private readonly ResponseTap _tap;
    private readonly ProxyExchange _exchange;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private long _lastComment;

    public StreamKeepAlive(ResponseTap tap, ProxyExchange exchange, TimeSpan interval, TimeProvider clock)
    {
        _tap = tap;
        _exchange = exchange;
        _interval = interval;
        _clock = clock;
        _timer = clock.CreateTimer(
            static state => _ = ((StreamKeepAlive)state!).TickAsync(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(interval, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    private async Task TickAsync()
    {
        try
        {
            if (Remaining() <= TimeSpan.Zero)
            {
                _lastComment = _clock.GetTimestamp();
                await _tap.TryKeepAliveAsync(_exchange.Aborted);
            }

            _timer.Change(Remaining(), Timeout.InfiniteTimeSpan);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The exchange is ending in this moment: there is nobody left to keep waiting.
        }
    }

    /// <summary>What is left of the interval since the last sign of life.</summary>
    private TimeSpan Remaining()
    {
        var timings = _exchange.Timings;
        if (timings.UpstreamHeaders == 0)
        {
            return _interval;
        }

        var last = Math.Max(Math.Max(timings.UpstreamHeaders, timings.LastByte), _lastComment);
        var remaining = _interval - _clock.GetElapsedTime(last);
        return remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
    }
}
