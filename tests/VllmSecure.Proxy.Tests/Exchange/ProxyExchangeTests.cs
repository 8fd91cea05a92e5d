using CsCheck;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Tests.Exchange;

public sealed class ProxyExchangeTests
{
    /// <summary>Joins and leaves in any order: aborted exactly when the client and all who joined are gone, and nobody joins after.</summary>
    [Fact]
    public void Aborted_AfterAnyHistory_IsWhenTheLastHasLeft() =>
        Gen.Int[0, 2].Array[0, 30].Sample(acts =>
        {
            using var client = new CancellationTokenSource();
            using var exchange = new ProxyExchange("req_1", ListenerRole.Inference, 0, client.Token);
            var others = 0;
            foreach (var act in acts)
            {
                var anybody = others > 0 || !client.IsCancellationRequested;
                if (act == 0)
                {
                    Assert.Equal(anybody, exchange.TryJoin());
                    others += anybody ? 1 : 0;
                }
                else if (act == 1 && others > 0)
                {
                    exchange.Leave();
                    others--;
                }
                else if (act == 2)
                {
                    client.Cancel();
                }

                Assert.Equal(others == 0 && client.IsCancellationRequested, exchange.Aborted.IsCancellationRequested);
                Assert.Equal(client.IsCancellationRequested, exchange.HasClientLeft);
            }
        });

    [Fact]
    public void Abort_ByTheProxy_EndsItForAll()
    {
        using var exchange = new ProxyExchange("req_1", ListenerRole.Inference, 0, CancellationToken.None);
        Assert.True(exchange.TryJoin());

        exchange.Abort(ExchangeOutcome.TimedOut);

        Assert.True(exchange.Aborted.IsCancellationRequested);
        Assert.Equal(ExchangeOutcome.TimedOut, exchange.AbortReason);
    }

    [Fact]
    public void Leave_AfterTheEnd_DoesNothing()
    {
        using var client = new CancellationTokenSource();
        var exchange = new ProxyExchange("req_1", ListenerRole.Inference, 0, client.Token);
        Assert.True(exchange.TryJoin());
        exchange.Dispose();

        client.Cancel();
        exchange.Leave();
        exchange.Leave();

        Assert.True(exchange.HasClientLeft);
    }
}
