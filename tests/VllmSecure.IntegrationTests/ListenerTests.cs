using System.Globalization;
using System.Net;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests;

/// <summary>What a listener serves depends on the socket alone, never on the Host header.</summary>
public sealed class ListenerTests
{
    [Theory]
    [InlineData("/metrics")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task HttpsListener_ManagementPathWithForgedHost_AnswersUnknownEndpoint(string path)
    {
        await using var vllm = await SimulatedVllm.StartAsync();
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);
        foreach (var host in ForgedHosts(proxy))
        {
            var answer = await RawConnection.SendAsync(proxy, proxy.Addresses.Https, $"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");

            Assert.StartsWith("HTTP/1.1 404", answer, StringComparison.Ordinal);
            Assert.Contains("\"code\":\"", answer, StringComparison.Ordinal);
        }

        Assert.Empty(vllm.Journal.Requests);
    }

    [Fact]
    public async Task ManagementListener_InferenceWithForgedHost_AnswersNotFound()
    {
        await using var vllm = await SimulatedVllm.StartAsync();
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);
        foreach (var host in ForgedHosts(proxy))
        {
            var answer = await RawConnection.SendAsync(
                proxy, proxy.Addresses.Management,
                $"GET /v1/models HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {ProxyUnderTest.Key}\r\nConnection: close\r\n\r\n");

            Assert.StartsWith("HTTP/1.1 404", answer, StringComparison.Ordinal);
        }

        Assert.Empty(vllm.Journal.Requests);
    }

    [Theory]
    [InlineData("/v1/models")]
    [InlineData("/metrics")]
    [InlineData("/health/ready")]
    public async Task RedirectListener_AnyPathWithForgedHost_OnlyRedirects(string path)
    {
        await using var vllm = await SimulatedVllm.StartAsync();
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);
        foreach (var host in ForgedHosts(proxy))
        {
            var answer = await RawConnection.SendAsync(proxy, proxy.Addresses.Http!, $"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");

            Assert.StartsWith("HTTP/1.1 308", answer, StringComparison.Ordinal);
        }

        Assert.Empty(vllm.Journal.Requests);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task RedirectListener_HarmlessRequest_Redirects308ToTheHttpsListener(string method)
    {
        await using var proxy = await ProxyUnderTest.StartAsync();
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });

        using var response = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), new Uri(proxy.Addresses.Http!, "/v1/models?a=b")));

        Assert.Equal(HttpStatusCode.PermanentRedirect, response.StatusCode);
        Assert.Equal(new Uri(proxy.Addresses.Https, "/v1/models?a=b"), response.Headers.Location);
    }

    [Fact]
    public async Task RedirectListener_BehindPortMapping_RedirectsToThePublicPort()
    {
        await using var proxy = await ProxyUnderTest.StartAsync(settings: [new("PublicHttpsPort", "443")]);
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });

        using var response = await client.GetAsync(new Uri(proxy.Addresses.Http!, "/v1/models"));

        Assert.Equal(new Uri("https://localhost/v1/models"), response.Headers.Location);
    }

    [Theory]
    [InlineData("GET /v1/models", "Authorization: Bearer secret")]
    [InlineData("GET /v1/models", "x-api-key: secret")]
    [InlineData("GET /v1/models", "Cookie: a=b")]
    [InlineData("GET /v1/models?key=secret", "Accept: */*")]
    [InlineData("GET /v1/models?API_KEY=secret", "Accept: */*")]
    [InlineData("GET /v1/models", "Content-Length: 5")]
    [InlineData("DELETE /v1/models", "Accept: */*")]
    public async Task RedirectListener_SecretOrOtherMethod_Answers403HttpsRequired(string start, string header)
    {
        await using var proxy = await ProxyUnderTest.StartAsync();

        var answer = await RawConnection.SendAsync(proxy, proxy.Addresses.Http!, $"{start} HTTP/1.1\r\nHost: localhost\r\n{header}\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 403", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"https_required\"", answer, StringComparison.Ordinal);
        Assert.Contains("Connection: close", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RedirectListener_PostWithPendingBody_AnswersWithoutReadingIt()
    {
        await using var proxy = await ProxyUnderTest.StartAsync();

        // The body never comes: only an answer that does not wait for it can arrive.
        var answer = await RawConnection.SendAsync(
            proxy, proxy.Addresses.Http!, "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n");

        Assert.Contains("https_required", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_PortListsWithPortZero_ListensOnFreePorts()
    {
        await using var proxy = await ProxyUnderTest.StartAsync(settings: [new("urls", null), new("HTTPS_PORTS", "0"), new("HTTP_PORTS", "0")]);

        Assert.NotEqual(0, proxy.Addresses.Https.Port);
        Assert.NotEqual(0, proxy.Addresses.Http!.Port);
        using var response = await proxy.Client.GetAsync("/v1/models");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    [Fact]
    public async Task Answer_OnEveryListener_NamesNoServer()
    {
        await using var vllm = await SimulatedVllm.StartAsync();
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);
        using var plain = new HttpClient();

        using var models = await proxy.Client.GetAsync("/v1/models");
        using var chat = await proxy.Client.SendAsync(ChatRequests.Chat());
        using var health = await plain.GetAsync(new Uri(proxy.Addresses.Management, "/health/live"));

        Assert.All([models, chat, health], response => Assert.Empty(response.Headers.Server));
    }

    private static IEnumerable<string> ForgedHosts(ProxyUnderTest proxy) =>
        new[] { proxy.Addresses.Https, proxy.Addresses.Http!, proxy.Addresses.Management }
            .SelectMany(address => new[] { "localhost", "127.0.0.1" }.Select(
                name => string.Create(CultureInfo.InvariantCulture, $"{name}:{address.Port}")));
}
