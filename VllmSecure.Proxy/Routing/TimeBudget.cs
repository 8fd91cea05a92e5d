using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Routing;

/// <summary>The time budgets as pure arithmetic on timestamps.</summary>
internal sealed class TimeBudget(TimeoutsOptions options, TimeProvider clock)
{
    private readonly TimeSpan _firstByte = TimeSpan.FromSeconds(options.FirstByteSeconds);
    private readonly TimeSpan _betweenBytes = TimeSpan.FromSeconds(options.BetweenBytesSeconds);
    private readonly TimeSpan _total = options.TotalSeconds > 0 ? TimeSpan.FromSeconds(options.TotalSeconds) : TimeSpan.MaxValue;

    /// <summary>How often to look at the least.</summary>
    public TimeSpan Smallest => _firstByte < _betweenBytes ? _firstByte : _betweenBytes;

    /// <summary>The time that is left before a budget is used up; zero or less: one is.</summary>
    public TimeSpan Remaining(ExchangeTimings timings)
    {
        var now = clock.GetTimestamp();
        var silence = Silence(timings, now);
        var whole = _total == TimeSpan.MaxValue ? TimeSpan.MaxValue : _total - clock.GetElapsedTime(timings.Received, now);
        return silence < whole ? silence : whole;
    }

    /// <summary>Whether the upstream is silent for too long; the budget of the whole request says nothing about it.</summary>
    public bool IsStalled(ExchangeTimings timings) => Silence(timings, clock.GetTimestamp()) <= TimeSpan.Zero;

    private TimeSpan Silence(ExchangeTimings timings, long now) => timings.LastByte == 0
        ? _firstByte - clock.GetElapsedTime(timings.Forwarded, now)
        : _betweenBytes - clock.GetElapsedTime(timings.LastByte, now);
}
