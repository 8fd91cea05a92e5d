using System.Net;
using System.Text;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.IntegrationTests.Routing;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests;

/// <summary>Whatever goes wrong behind the proxy, a client gets the error shape that its SDK parses.</summary>
public sealed class UpstreamFailureTests
{
    [Fact]
    public async Task NoUpstream_InDevelopment_Answers503WithRetryAfter()
    {
        await using var proxy = await ProxyUnderTest.StartAsync();

        using var chat = await proxy.Client.SendAsync(ChatRequests.Chat());
        using var models = await proxy.Client.GetAsync("/v1/models");

        foreach (var response in new[] { chat, models })
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.NotNull(response.Headers.RetryAfter?.Delta);
            Assert.Equal("no_upstream", await response.ErrorCodeAsync());
        }
    }

    [Fact]
    public async Task LoadingVllm_RefusesConnections_Answers503AndSaysSo()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model], LoadTime = TimeSpan.FromHours(1) });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);

        using var chat = await proxy.Client.SendAsync(ChatRequests.Chat());
        using var models = await proxy.Client.GetAsync("/v1/models");

        foreach (var response in new[] { chat, models })
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.NotNull(response.Headers.RetryAfter?.Delta);
            Assert.Contains("loading", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.Equal("upstream_loading", await response.ErrorCodeAsync());
        }
    }

    /// <summary>The published port of a container takes connections before vLLM listens in it, and closes them.</summary>
    [Fact]
    public async Task LoadingVllm_BehindAPublishedPort_Answers503AndSaysSo()
    {
        using var port = RawServer.ThatResets();
        await using var proxy = await ProxyUnderTest.StartAsync(port.Address);
        await proxy.LookAsync(proxy.Server("vllm"));

        using var chat = await proxy.Client.SendAsync(ChatRequests.Chat());
        using var models = await proxy.Client.GetAsync("/v1/models");

        Assert.Equal("upstream_loading", await chat.ErrorCodeAsync());
        Assert.Equal("upstream_loading", await models.ErrorCodeAsync());
        Assert.NotNull(chat.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task ResetBeforeHeaders_FromVllm_Answers502()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        vllm.Faults.Always = Fault.ResetBeforeHeaders;
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);

        using var response = await proxy.Client.SendAsync(ChatRequests.Chat());

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal("upstream_failed", await response.ErrorCodeAsync());
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task ResetInMidStream_FromVllm_EndsInAnErrorEvent(string version)
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        vllm.Faults.Always = Fault.ResetMidStream(afterTokens: 2);
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);
        using var client = proxy.CreateClient(version: Version.Parse(version));

        using var response = await client.SendForStreamAsync(ChatRequests.Chat(stream: true));

        // A client must not take a cut answer for a whole one; SDKs raise this event as an error.
        var text = await response.Content.ReadAsStringAsync();
        Assert.Contains("data: {\"error\":{", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"finish_reason\":\"", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    public async Task ErrorStatus_FromVllm_IsPassedOnInVllmsWords(int status)
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        vllm.Faults.Always = Fault.Status(status);
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);

        using var response = await proxy.Client.SendAsync(ChatRequests.Chat());

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains("\"error\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>What vLLM's web framework and server say, or a proxy before it, is in no shape that an SDK knows.</summary>
    [Theory]
    [InlineData("404 Not Found", "application/json", "{\"detail\":\"Not Found\"}", "not_found", "ok")]
    [InlineData("500 Internal Server Error", "text/plain", "Internal Server Error", "http_error", "upstream_failed")]
    [InlineData("500 Internal Server Error", "text/plain", "", "http_error", "upstream_failed")]
    [InlineData("503 Service Unavailable", "text/html", "<html></html>", "service_unavailable", "upstream_failed")]
    [InlineData("404 Not Found", "application/json", "{\"\\ud800\":1}", "not_found", "ok")]
    [InlineData("502 Bad Gateway", "application/json", "{\"error\":", "upstream_failed", "upstream_failed")]
    public async Task ErrorInAForeignShape_IsToldInTheProxys(string status, string contentType, string body, string code, string outcome)
    {
        using var upstream = RawServer.ThatAnswers(_ => ($"HTTP/1.1 {status}\r\nContent-Type: {contentType}", Encoding.UTF8.GetBytes(body)));
        var log = new AccessLogRecorder();
        await using var proxy = await ProxyUnderTest.StartAsync(upstream.Address, configure: log.AddTo);

        using var response = await proxy.Client.SendAsync(ChatRequests.Chat());

        Assert.Equal(status[..3], $"{(int)response.StatusCode}");
        Assert.Equal(code, await response.ErrorCodeAsync());
        Assert.Equal(outcome, (await log.NextAsync()).GetProperty("outcome").GetString());
        Assert.Equal(status.StartsWith("503", StringComparison.Ordinal), response.Headers.RetryAfter is not null);
    }

    /// <summary>The field's name differs, but the words are vLLM's, and tell the client what to mend.</summary>
    [Fact]
    public async Task ErrorInTheShapeOfAnOlderVllm_IsPassedOnInVllmsWords()
    {
        const string Body = """{"object":"error","message":"This model's maximum context length is 40960 tokens.","type":"BadRequestError","param":null,"code":400}""";
        using var upstream = RawServer.ThatAnswers(_ => ("HTTP/1.1 400 Bad Request\r\nContent-Type: application/json", Encoding.UTF8.GetBytes(Body)));
        await using var proxy = await ProxyUnderTest.StartAsync(upstream.Address);

        using var response = await proxy.Client.SendAsync(ChatRequests.Chat());

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(Body, await response.Content.ReadAsStringAsync());
    }

    /// <summary>vLLM's 401 is about the proxy's key for it. A client that got it would look for a better one of its own.</summary>
    [Fact]
    public async Task KeyOfTheProxy_RefusedByVllm_IsNoFaultOfTheClients()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model], ApiKey = "another key" });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);

        using var chat = await proxy.Client.SendAsync(ChatRequests.Chat());
        using var models = await proxy.Client.GetAsync("/v1/models");

        Assert.Equal(HttpStatusCode.BadGateway, chat.StatusCode);
        Assert.Equal("Bad Gateway", chat.ReasonPhrase);
        Assert.Equal("upstream_failed", await chat.ErrorCodeAsync());
        Assert.Equal("no_upstream", await models.ErrorCodeAsync());
    }

    [Fact]
    public async Task FullQueue_OfVllm_IsToldWithRetryAfter()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        vllm.Faults.Always = Fault.Status(503);
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);

        using var response = await proxy.Client.SendAsync(ChatRequests.Chat());

        Assert.NotNull(response.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task UnknownModel_IsVllmsOwn404()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = ["other"] });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);

        using var response = await proxy.Client.SendAsync(ChatRequests.Chat());

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("NotFoundError", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RestartedVllm_WithPooledConnections_IsReachedAgain()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);

        using var before = await proxy.Client.SendAsync(ChatRequests.Chat());
        await vllm.RestartAsync();
        using var after = await proxy.Client.SendAsync(ChatRequests.Chat());

        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }
}
