using System.Net;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests;

/// <summary>No request without a live key reaches vLLM, and vLLM never sees a client's key.</summary>
public sealed class AuthenticationTests
{
    private const string OtherKey = "another-key-0123456789-0123456789-01234567";

    [Fact]
    public async Task Request_WithoutKey_Answers401WithChallengeBeforeTheBody()
    {
        await using var vllm = await SimulatedVllm.StartAsync();
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);

        // The body never comes: only an answer that does not wait for it can arrive.
        await using var connection = await RawConnection.OpenAsync(proxy, proxy.Addresses.Https);
        await connection.WriteAsync("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n");
        var answer = await connection.ReadUntilAsync("}}");

        Assert.StartsWith("HTTP/1.1 401", answer, StringComparison.Ordinal);
        Assert.Contains("WWW-Authenticate: Bearer", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"invalid_api_key\"", answer, StringComparison.Ordinal);
        Assert.Empty(vllm.Journal.Requests);
    }

    [Theory]
    [InlineData("Bearer wrong-key")]
    [InlineData("Bearer ")]
    [InlineData("Basic dGVzdDp0ZXN0")]
    public async Task Request_WithWrongKey_Answers401AndNeverEchoesIt(string authorization)
    {
        await using var vllm = await SimulatedVllm.StartAsync();
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);
        using var client = proxy.CreateClient(key: null);
        using var request = ChatRequests.Chat();
        request.Headers.TryAddWithoutValidation("Authorization", authorization);

        using var response = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.DoesNotContain("wrong-key", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(vllm.Journal.Requests);
    }

    [Fact]
    public async Task XApiKey_OnAnthropicPaths_IsTakenAndErrorsHaveAnthropicShape()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);
        using var client = proxy.CreateClient(key: null);
        const string Body = """{"model":"test-model","max_tokens":4,"messages":[{"role":"user","content":"hi"}]}""";
        using var good = ChatRequests.Post("/v1/messages", Body);
        good.Headers.Add("x-api-key", ProxyUnderTest.Key);
        using var bad = ChatRequests.Post("/v1/messages", Body);
        bad.Headers.Add("x-api-key", "wrong");

        using var accepted = await client.SendAsync(good);
        using var refused = await client.SendAsync(bad);

        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.StartsWith("""{"type":"error","error":{"type":"authentication_error",""", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Null(Assert.Single(vllm.Journal.Requests).Header("x-api-key"));
    }

    [Fact]
    public async Task XApiKey_OnOpenAIPaths_IsNotTaken()
    {
        await using var proxy = await ProxyUnderTest.StartAsync();
        using var client = proxy.CreateClient(key: null);
        using var request = ChatRequests.Chat();
        request.Headers.Add("x-api-key", ProxyUnderTest.Key);

        using var response = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task TwoKeys_WhileRotating_BothWork()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address, [new("ApiKeys:test-next:Key", OtherKey)]);
        using var next = proxy.CreateClient(OtherKey);

        using var first = await proxy.Client.SendAsync(ChatRequests.Chat());
        using var second = await next.SendAsync(ChatRequests.Chat());

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("upstream-key", "Bearer upstream-key")]
    public async Task Forwarded_Always_CarriesTheUpstreamsKeyOrNone(string? upstreamKey, string? expected)
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model], ApiKey = upstreamKey });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address, [new("Upstreams:vllm:ApiKey", upstreamKey)]);

        using var response = await proxy.Client.SendAsync(ChatRequests.Chat());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(expected, Assert.Single(vllm.Journal.Requests).Header("Authorization"));
    }
}
