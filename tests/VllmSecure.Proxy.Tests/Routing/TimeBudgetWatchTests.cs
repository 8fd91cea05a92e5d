using Microsoft.Extensions.Time.Testing;
using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Routing;
using VllmSecure.Proxy.Routing.Health;
using VllmSecure.Proxy.Routing.Servers;
using Yarp.ReverseProxy.Model;

namespace VllmSecure.Proxy.Tests.Routing;

/// <summary>A stream that is silent for too long is given up; whose fault it is decides what its server hears of it.</summary>
public sealed class TimeBudgetWatchTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly StuckStream _client = new();
    private readonly ProxyExchange _exchange;
    private readonly UpstreamTry _attempt;
    private readonly TimeoutsOptions _options = new() { FirstByteSeconds = 60, BetweenBytesSeconds = 10 };

    public TimeBudgetWatchTests()
    {
        _exchange = new ProxyExchange("req_test", ListenerRole.Inference, _clock.GetTimestamp(), CancellationToken.None) { Timings = { Forwarded = _clock.GetTimestamp() } };
        var server = new UpstreamServer(new ClusterState("vllm"), new DestinationState("vllm"), new Breaker(new UpstreamHealthOptions(), _clock));
        _attempt = new UpstreamTry { Lease = server.Enter(tokens: 1) };
    }

    public void Dispose()
    {
        _attempt.Lease.Dispose();
        _exchange.Dispose();
        _client.Dispose();
    }

    [Fact]
    public async Task SilenceOfTheServer_IsAStall()
    {
        await using var stream = new MeteredResponseStream(_client, _exchange, _clock);
        using var watch = new TimeBudgetWatch(_exchange, _attempt, new TimeBudget(_options, _clock), _clock);
        await stream.WriteAsync(new byte[1]);

        _clock.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal(ExchangeOutcome.TimedOut, _exchange.AbortReason);
        Assert.True(_attempt.HasStalled);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ClientThatDoesNotRead_IsNoStallOfTheServer(bool isKeepAlive)
    {
        await using var stream = new MeteredResponseStream(_client, _exchange, _clock);
        using var watch = new TimeBudgetWatch(_exchange, _attempt, new TimeBudget(_options, _clock), _clock);
        await stream.WriteAsync(new byte[1]);
        _client.IsStuck = true;
        var writing = isKeepAlive ? stream.WriteKeepAliveAsync(new byte[1], CancellationToken.None) : stream.WriteAsync(new byte[1]);

        _clock.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal(ExchangeOutcome.TimedOut, _exchange.AbortReason);
        Assert.False(_attempt.HasStalled);
        _client.GoOn();
        await writing;
    }

    [Fact]
    public async Task SilenceOfTheServer_AfterASlowClientHasRead_IsAStall()
    {
        await using var stream = new MeteredResponseStream(_client, _exchange, _clock);
        using var watch = new TimeBudgetWatch(_exchange, _attempt, new TimeBudget(_options, _clock), _clock);
        _client.IsStuck = true;
        var writing = stream.WriteAsync(new byte[1]);
        _client.GoOn();
        await writing;

        _clock.Advance(TimeSpan.FromSeconds(11));

        Assert.True(_attempt.HasStalled);
    }

    /// <summary>The connection of a client that may stop reading.</summary>
    private sealed class StuckStream : MemoryStream
    {
        private readonly TaskCompletionSource _reads = new();

        public bool IsStuck { get; set; }

        public void GoOn() => _reads.SetResult();

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            IsStuck ? new ValueTask(_reads.Task) : ValueTask.CompletedTask;
    }
}
