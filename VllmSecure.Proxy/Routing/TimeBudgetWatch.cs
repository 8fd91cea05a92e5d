using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Routing;

/// <summary>The timer of one request.</summary>
internal sealed class TimeBudgetWatch : IDisposable
{
    private readonly ProxyExchange _exchange;
    private readonly UpstreamTry _attempt;
    private readonly TimeBudget _budget;
    private readonly ITimer _timer;

    public TimeBudgetWatch(ProxyExchange exchange, UpstreamTry attempt, TimeBudget budget, TimeProvider clock)
    {
        _exchange = exchange;
        _attempt = attempt;
        _budget = budget;
        _timer = clock.CreateTimer(static state => ((TimeBudgetWatch)state!).Check(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Sleep(budget.Remaining(exchange.Timings));
    }

    public void Dispose() => _timer.Dispose();

    private void Check()
    {
        var remaining = _budget.Remaining(_exchange.Timings);
        if (remaining > TimeSpan.Zero)
        {
            Sleep(remaining);
        }
        else
        {
            _attempt.HasStalled = !_exchange.IsClientWrittenTo && _budget.IsStalled(_exchange.Timings);
            _exchange.Abort(ExchangeOutcome.TimedOut);
        }
    }

    /// <summary>Never longer than the smallest budget: a byte may come at any time and start another one.</summary>
    private void Sleep(TimeSpan time)
    {
        time = time < _budget.Smallest ? time : _budget.Smallest;
        _timer.Change(time > TimeSpan.Zero ? time : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
