using Microsoft.Extensions.Time.Testing;
using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Inspection;

namespace VllmSecure.Proxy.Tests.Inspection;

public class WriteGraceTests
{
    private readonly FakeTimeProvider _clock = new();

    [Theory]
    [InlineData((int)ExchangeOutcome.Drained)]
    [InlineData((int)ExchangeOutcome.TimedOut)]
    public void Token_TheProxyGivesUp_EndsAfterTheGrace(int reason)
    {
        using var exchange = Exchange(CancellationToken.None);
        using var grace = new WriteGrace(exchange, _clock);

        exchange.Abort((ExchangeOutcome)reason);
        Assert.False(grace.Token.IsCancellationRequested);
        _clock.Advance(WriteGrace.Time - TimeSpan.FromTicks(1));
        Assert.False(grace.Token.IsCancellationRequested);
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.True(grace.Token.IsCancellationRequested);
    }

    [Fact]
    public void Token_ClientLeaves_EndsAtOnce()
    {
        using var left = new CancellationTokenSource();
        using var exchange = Exchange(left.Token);
        using var grace = new WriteGrace(exchange, _clock);

        left.Cancel();

        Assert.True(grace.Token.IsCancellationRequested);
    }

    [Fact]
    public void Dispose_WithinTheGrace_NoTimerComesAfterIt()
    {
        using var exchange = Exchange(CancellationToken.None);
        var grace = new WriteGrace(exchange, _clock);
        exchange.Abort(ExchangeOutcome.Drained);
        var token = grace.Token;

        grace.Dispose();
        _clock.Advance(WriteGrace.Time);

        Assert.False(token.IsCancellationRequested);
    }

    private ProxyExchange Exchange(CancellationToken left) => new("req_1", ListenerRole.Inference, _clock.GetTimestamp(), left);
}
