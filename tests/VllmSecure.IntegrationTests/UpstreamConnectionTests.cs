using System.Net;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests;

/// <summary>How the proxy reaches vLLM.</summary>
public sealed class UpstreamConnectionTests
{
    [Fact]
    public async Task Forwarded_FromHttp2_IsHttp11()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);
        using var client = proxy.CreateClient(version: HttpVersion.Version20);

        using var response = await client.SendForStreamAsync(ChatRequests.Chat());

        Assert.Equal(HttpVersion.Version20, response.Version);
        Assert.Equal("HTTP/1.1", Assert.Single(vllm.Journal.Requests).Protocol);
    }

    [Fact]
    public async Task ServiceDiscoveryName_AsAddress_IsResolved()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        await using var proxy = await ProxyUnderTest.StartAsync(new Uri("http://vllm"), [new("services:vllm:http:0", vllm.Address.ToString())]);

        using var response = await proxy.Client.SendAsync(ChatRequests.Chat());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task PooledConnection_IdleLongerThanVllmKeepsIt_IsNeverUsedAgain()
    {
        // vLLM's keep-alive and the pool's, both at a fifth: the pool gives a connection up in good time, on its own.
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model], KeepAlive = TimeSpan.FromSeconds(3) });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address, [new("Routing:PooledConnectionIdleSeconds", "0")]);

        using var first = await proxy.Client.SendAsync(ChatRequests.Chat());
        using var second = await proxy.Client.SendAsync(ChatRequests.Chat());

        Assert.Equal(2, vllm.Journal.Requests.Select(request => request.ConnectionId).Distinct(StringComparer.Ordinal).Count());
    }

    /// <summary>
    /// Real time, as the race is one of sockets: vLLM closes after 5 s, the proxy gives up at 3 s. Bursts of requests, so that
    /// all connections are used, have all of them rest, and are used again, or not.
    /// </summary>
    [Fact]
    public async Task Connections_ThatHaveRested_GiveNo502()
    {
        var rests = await Task.WhenAll(new[] { 2950, 3050, 4900, 5000, 5100 }.Select(milliseconds => RestAsync(TimeSpan.FromMilliseconds(milliseconds))));

        // A used one is older than its rest, and none grows older than 3 s.
        Assert.All(rests.SelectMany(rest => rest), rest => Assert.InRange(rest, TimeSpan.Zero, TimeSpan.FromSeconds(4)));
    }

    [Fact]
    public async Task Connections_OfABusyUpstream_AreReplacedWithoutAFailure()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model], JournalCapacity = 100_000 });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address, [new("Routing:PooledConnectionIdleSeconds", "1")]);
        var since = TimeProvider.System.GetTimestamp();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            while (TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromSeconds(3))
            {
                using var response = await proxy.Client.SendAsync(ChatRequests.Chat(maxTokens: 1));
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            }
        }));

        var connections = vllm.Journal.Requests.GroupBy(request => request.ConnectionId, StringComparer.Ordinal).ToList();
        Assert.InRange(connections.Count, 5, vllm.Journal.Requests.Count / 2);
        Assert.All(connections, uses => Assert.InRange(uses.Max(use => use.ReceivedAt) - uses.Min(use => use.ReceivedAt), TimeSpan.Zero, TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public async Task Upstreams_WithSeveral_ShareTheLoad()
    {
        await using var first = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        await using var second = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        first.Faults.Always = Fault.Stall(afterTokens: 1);
        second.Faults.Always = Fault.Stall(afterTokens: 1);
        await using var proxy = await ProxyUnderTest.StartAsync(first.Address, [new("Upstreams:second:Address", second.Address.ToString())]);

        var streams = new List<HttpResponseMessage>();
        for (var i = 0; i < 4; i++)
        {
            streams.Add(await proxy.Client.SendForStreamAsync(ChatRequests.Chat(stream: true)));
        }

        Assert.Equal(2, first.Journal.Requests.Count(request => request.RawTarget == ChatRequests.Path));
        Assert.Equal(2, second.Journal.Requests.Count(request => request.RawTarget == ChatRequests.Path));
        streams.ForEach(stream => stream.Dispose());
    }

    /// <summary>A burst, a rest and a burst; how long each connection rested that was used again.</summary>
    private static async Task<IReadOnlyList<TimeSpan>> RestAsync(TimeSpan pause)
    {
        const int Burst = 20;
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model], TimeToFirstToken = TimeSpan.FromMilliseconds(300) });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);
        for (var burst = 0; burst < 2; burst++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, Burst).Select(_ => proxy.Client.SendAsync(ChatRequests.Chat(maxTokens: 1))));
            Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
            if (burst == 0)
            {
                // By the clock, as it is what is tested: HttpClient's pool and Kestrel's keep-alive take no other.
                await Task.Delay(pause, TimeProvider.System);
            }
        }

        return [.. vllm.Journal.Requests.GroupBy(request => request.ConnectionId, StringComparer.Ordinal)
            .SelectMany(uses => uses.Zip(uses.Skip(1), (one, next) => next.ReceivedAt - one.ReceivedAt))];
    }
}
