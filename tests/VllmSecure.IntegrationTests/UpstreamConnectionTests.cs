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
    /// Real time, as the race is one of sockets: vLLM closes after 5 s, the proxy gives up at 3 s. Requests on connections that
    /// have rested for about as long, while others keep theirs busy over their whole life.
    /// </summary>
    [Fact]
    public async Task ReusedConnection_AfterAnyPause_GivesNo502()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);
        var since = TimeProvider.System.GetTimestamp();

        var resting = from pause in new[] { 3000, 5000 }
                      from offset in Enumerable.Range(-20, 41)
                      select RestAsync(TimeSpan.FromMilliseconds(pause + (offset * 5)));
        var statuses = await Task.WhenAll(resting.Concat(Enumerable.Range(0, 4).Select(_ => KeepBusyAsync())));

        Assert.All(statuses.SelectMany(status => status), status => Assert.Equal(HttpStatusCode.OK, status));

        // All at once at first, so that each has a connection of its own.
        async Task<List<HttpStatusCode>> RestAsync(TimeSpan pause)
        {
            var first = await AskAsync();
            await Task.Delay(pause, TimeProvider.System);
            return [first, await AskAsync()];
        }

        async Task<List<HttpStatusCode>> KeepBusyAsync()
        {
            var all = new List<HttpStatusCode>();
            while (TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromSeconds(6))
            {
                all.Add(await AskAsync());
            }

            return all;
        }

        async Task<HttpStatusCode> AskAsync()
        {
            using var response = await proxy.Client.SendAsync(ChatRequests.Chat(maxTokens: 1));
            return response.StatusCode;
        }
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
}
