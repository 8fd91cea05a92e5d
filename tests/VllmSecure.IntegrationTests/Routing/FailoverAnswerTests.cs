using System.Net;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests.Routing;

/// <summary>The answer of the second server looks as if it had been the first.</summary>
public sealed class FailoverAnswerTests
{
    private static readonly string[] OwnHeaders = ["X-Request-Id", "x-ratelimit-limit-requests", "X-Cache"];

    [Fact]
    public async Task ConnectTimeout_WithAnotherServer_IsAnsweredByIt()
    {
        await using var vllm = await StartAsync();
        await using var proxy = await StartProxyAsync(new Uri("http://localhost:9"), vllm.Address);

        using var response = await proxy.Client.SendAsync(ChatRequests.Chat());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Single(vllm.Journal.Requests);
    }

    [Fact]
    public async Task ConnectTimeout_OfTheOnlyServer_IsAnUnreachableUpstream()
    {
        await using var proxy = await StartProxyAsync(new Uri("http://localhost:9"));

        using var response = await proxy.Client.SendAsync(ChatRequests.Chat());

        Assert.Equal("upstream_unreachable", await response.ErrorCodeAsync());
    }

    /// <summary>The forwarder clears a response whose request body it could not send.</summary>
    [Fact]
    public async Task ResetWhileTheBodyIsSent_KeepsTheProxysHeaders()
    {
        using var broken = RawServer.ThatResets();
        await using var vllm = await StartAsync();
        await using var proxy = await StartProxyAsync(broken.Address, vllm.Address);

        using var response = await proxy.Client.SendAsync(LargeRequest());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.All(OwnHeaders, header => Assert.True(response.Headers.Contains(header), header));
    }

    [Fact]
    public async Task ResetWhileTheBodyIsSent_ByTheLastServer_KeepsTheProxysHeaders()
    {
        using var broken = RawServer.ThatResets();
        await using var proxy = await StartProxyAsync(broken.Address);

        using var response = await proxy.Client.SendAsync(LargeRequest());

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.All(OwnHeaders, header => Assert.True(response.Headers.Contains(header), header));
    }

    [Fact]
    public async Task ReasonPhrase_OfTheFirstServer_IsForgotten()
    {
        using var busy = RawServer.ThatAnswers(_ => ("HTTP/1.1 503 Come Back Later", "busy"u8.ToArray()));
        await using var vllm = await StartAsync();
        await using var proxy = await StartProxyAsync(busy.Address, vllm.Address);

        using var response = await proxy.Client.SendAsync(ChatRequests.Chat());

        Assert.Equal((HttpStatusCode.OK, "OK"), (response.StatusCode, response.ReasonPhrase));
    }

    /// <summary>More than sockets buffer, so that the reset comes while it is being sent.</summary>
    private static HttpRequestMessage LargeRequest() =>
        ChatRequests.Post(ChatRequests.Path, $$"""{"model":"test-model","seed":1,"max_tokens":1,"messages":[{"role":"user","content":"{{new string('p', 8_000_000)}}"}]}""");

    private static Task<SimulatedVllm> StartAsync() =>
        SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model], MaxModelLength = 100_000_000 });

    /// <summary>Takes the servers in their order; localhost is one that does not answer.</summary>
    private static Task<ProxyUnderTest> StartProxyAsync(params Uri[] servers) => ProxyUnderTest.StartAsync(
        settings:
        [
            .. servers.Select((server, i) => KeyValuePair.Create<string, string?>($"Upstreams:s{i}:Address", server.ToString())),
            .. servers.Select((_, i) => KeyValuePair.Create<string, string?>($"Upstreams:s{i}:Models:0", ChatRequests.Model)),
            new("Routing:Policy", "FirstAlphabetical"),
            new("Timeouts:ConnectSeconds", "1"),
            new("ApiKeys:test:RequestsPerMinute", "60"),
            new("Caching:Enabled", "true"),
            new("Caching:Generations", "true"),
        ],
        configure: new SilentNames().AddTo);
}
