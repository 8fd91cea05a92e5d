using CsCheck;
using VllmSecure.Proxy.Routing.Balancing;

namespace VllmSecure.Proxy.Tests.Routing.Balancing;

public sealed class LeastLoadTests
{
    private static readonly Gen<ServerLoad> AnyLoad =
        from weight in Gen.Double[0.01, 10]
        from tokens in Gen.Long[0, 100_000]
        from foreign in Gen.Double[0, 200]
        from cache in Gen.Double[0, 1]
        from cached in Gen.Long[0, 10_000]
        select new ServerLoad(weight, tokens) { ForeignRequests = foreign, CacheUsage = cache, CachedTokens = cached };

    private static readonly Gen<(ServerLoad[] Servers, long Tokens, double Tie)> AnyDecision =
        Gen.Select(AnyLoad.Array[1, 100], Gen.Long[1, 20_000], Gen.Double[0, 0.999]);

    [Fact]
    public void Choose_OfAnything_IsAServerOfLeastCost() => AnyDecision.Sample(decision =>
    {
        var chosen = LeastLoad.Choose(decision.Servers, decision.Tokens, decision.Tie);

        Assert.Equal(decision.Servers.Min(server => LeastLoad.CostOf(server, decision.Tokens)), LeastLoad.CostOf(decision.Servers[chosen], decision.Tokens));
    });

    [Fact]
    public void Choose_WithMoreLoadOnAnother_StaysTheSame() => AnyDecision.Sample(decision =>
    {
        var chosen = LeastLoad.Choose(decision.Servers, decision.Tokens, 0);
        var busier = decision.Servers.Select((server, i) => i == chosen ? server : server with { Tokens = server.Tokens + 1000 }).ToArray();

        Assert.Equal(chosen, LeastLoad.Choose(busier, decision.Tokens, 0));
    });

    [Fact]
    public void CostOf_WithMoreCached_IsNeverHigher() => Gen.Select(AnyLoad, Gen.Long[1, 20_000], Gen.Long[0, 5_000]).Sample((server, tokens, more) =>
        Assert.True(LeastLoad.CostOf(server with { CachedTokens = server.CachedTokens + more }, tokens) <= LeastLoad.CostOf(server, tokens)));

    [Fact]
    public void CostOf_OfAnything_IsPositiveAndFinite() => Gen.Select(AnyLoad, Gen.Long[1, 20_000]).Sample((server, tokens) =>
        Assert.InRange(LeastLoad.CostOf(server, tokens), double.Epsilon, double.MaxValue));

    [Fact]
    public void Choose_EqualServers_TakeTurnsByTheTie()
    {
        var servers = Enumerable.Repeat(new ServerLoad(1, 0), 4).ToArray();

        Assert.Equal([0, 1, 2, 3], new[] { 0, 0.25, 0.5, 0.75 }.Select(tie => LeastLoad.Choose(servers, 10, tie)));
    }

    [Fact]
    public void Choose_TwiceTheWeight_GetsTwiceTheWork()
    {
        ServerLoad[] servers = [new(1, 0), new(2, 0)];
        for (var i = 0; i < 300; i++)
        {
            var chosen = LeastLoad.Choose(servers, 100, 0);
            servers[chosen] = servers[chosen] with { Tokens = servers[chosen].Tokens + 100 };
        }

        Assert.InRange(servers[1].Tokens / (double)servers[0].Tokens, 1.9, 2.1);
    }

    [Fact]
    public void Choose_CachedPrefix_AttractsUntilTheQueueCostsMoreThanItSaves()
    {
        var idle = new ServerLoad(1, 0);

        Assert.Equal(0, LeastLoad.Choose([new ServerLoad(1, 2_000) { CachedTokens = 4_000 }, idle], 5_000, 0));
        Assert.Equal(1, LeastLoad.Choose([new ServerLoad(1, 6_000) { CachedTokens = 4_000 }, idle], 5_000, 0));
    }

    [Theory]
    [InlineData(0, 5_000)]
    [InlineData(4_000, 1_000)]
    [InlineData(9_000, 1)]
    public void WorkOf_Request_IsWhatTheCacheLeaves(long cached, long work) =>
        Assert.Equal(work, LeastLoad.WorkOf(new ServerLoad(1, 0) { CachedTokens = cached }, 5_000));

    [Fact]
    public void Choose_EngineWithWorkOfOthers_IsAvoided() =>
        Assert.Equal(1, LeastLoad.Choose([new ServerLoad(1, 0) { ForeignRequests = 10 }, new ServerLoad(1, 500)], 100, 0));

    [Fact]
    public void Choose_EngineThatPreempts_IsAvoided() =>
        Assert.Equal(1, LeastLoad.Choose([new ServerLoad(1, 800) { CacheUsage = 1 }, new ServerLoad(1, 1_000) { CacheUsage = 0.5 }], 100, 0));
}
