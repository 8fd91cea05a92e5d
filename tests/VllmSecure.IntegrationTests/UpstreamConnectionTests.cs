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
