using System.Net;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests;

/// <summary>Web pages may call the API only from configured origins; preflights are answered here.</summary>
public sealed class CorsTests
{
    private const string Page = "https://chat.example.org";

    [Fact]
    public async Task Preflight_FromAllowedOrigin_IsAnsweredWithoutKeyAndWithoutVllm()
    {
        await using var vllm = await SimulatedVllm.StartAsync();
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address, [new("Cors:AllowedOrigins:0", Page)]);

        using var response = await PreflightAsync(proxy, Page);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(Page, Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Contains("authorization", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Headers")), StringComparison.OrdinalIgnoreCase);
        Assert.Empty(vllm.Journal.Requests);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("http://chat.example.org")]
    public async Task Preflight_FromOtherOrigin_AllowsNothing(string origin)
    {
        await using var proxy = await ProxyUnderTest.StartAsync(settings: [new("Cors:AllowedOrigins:0", Page)]);

        using var response = await PreflightAsync(proxy, origin);

        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Preflight_WithoutConfiguredOrigins_IsAnOrdinaryWrongMethod()
    {
        await using var proxy = await ProxyUnderTest.StartAsync();

        using var response = await PreflightAsync(proxy, Page);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    [Fact]
    public async Task Answer_ToAllowedOrigin_IsMarkedAndExposesTheRateLimitHeaders()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address, [new("Cors:AllowedOrigins:0", Page)]);
        using var request = ChatRequests.Chat();
        request.Headers.Add("Origin", Page);

        using var response = await proxy.Client.SendAsync(request);

        Assert.Equal(Page, Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Contains("x-ratelimit-remaining-requests", Assert.Single(response.Headers.GetValues("Access-Control-Expose-Headers")), StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> PreflightAsync(ProxyUnderTest proxy, string origin)
    {
        using var client = proxy.CreateClient(key: null);
        using var request = new HttpRequestMessage(HttpMethod.Options, ChatRequests.Path);
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
        return await client.SendAsync(request);
    }
}
