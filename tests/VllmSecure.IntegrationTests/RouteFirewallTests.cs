using System.Net;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Proxy.ApiSurface;
using VllmSecure.Proxy.Exchange;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests;

/// <summary>Nothing but open endpoints reaches vLLM, however it is spelled. The simulator answers 200 on every path of vLLM.</summary>
public sealed class RouteFirewallTests
{
    public static TheoryData<string> ClosedPaths() =>
        [.. VllmEndpoints.All.Where(endpoint => endpoint.Class > EndpointClass.Models).Select(endpoint => endpoint.Path)];

    [Theory]
    [MemberData(nameof(ClosedPaths))]
    public async Task ClosedEndpoint_EverySpellingAndMethod_NeverReachesVllm(string path)
    {
        await using var vllm = await SimulatedVllm.StartAsync();
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);
        foreach (var target in Spellings(path))
        {
            foreach (var method in new[] { "GET", "POST" })
            {
                var answer = await RawConnection.SendAsync(
                    proxy, proxy.Addresses.Https,
                    $"{method} {target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {ProxyUnderTest.Key}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

                Assert.Matches("^HTTP/1.1 (400|404|405) ", answer);
                Assert.Contains("\"error\":{", answer, StringComparison.Ordinal);
            }
        }

        Assert.Empty(vllm.Journal.Requests);
    }

    [Theory]
    [MemberData(nameof(ClosedPaths))]
    public async Task ClosedEndpoint_OverHttp2_NeverReachesVllm(string path)
    {
        await using var vllm = await SimulatedVllm.StartAsync();
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);
        using var client = proxy.CreateClient(version: HttpVersion.Version20);
        foreach (var target in Spellings(path).Where(target => target.StartsWith('/')))
        {
            // The dangerous creation option keeps HttpClient from normalising the path.
            var uri = new Uri(proxy.Addresses.Https.GetLeftPart(UriPartial.Authority) + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
            using var request = new HttpRequestMessage(HttpMethod.Post, uri) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };

            try
            {
                using var response = await client.SendAsync(request);
                Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            }
            catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.HttpProtocolError)
            {
                // What is no valid :path resets the stream (RFC 9113 section 8.1.1): refused as well.
            }
        }

        Assert.Empty(vllm.Journal.Requests);
    }

    [Theory]
    [InlineData("/v1/chat/completions/")]
    [InlineData("//v1/chat/completions")]
    [InlineData("/v1/./chat/completions")]
    [InlineData("/v1/x/../chat/completions")]
    [InlineData("/v1/%63hat/completions")]
    [InlineData("/v1/chat%2Fcompletions")]
    [InlineData("/V1/chat/completions")]
    [InlineData("/v1/chat/completions;x=1")]
    [InlineData("/v1/responses/../../health")]
    [InlineData("/v1/responses/%2e%2e")]
    public async Task OpenEndpoint_OtherSpelling_IsUnknown(string target)
    {
        await using var vllm = await SimulatedVllm.StartAsync();
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);

        var answer = await RawConnection.SendAsync(
            proxy, proxy.Addresses.Https,
            $"POST {target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {ProxyUnderTest.Key}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 404", answer, StringComparison.Ordinal);
        Assert.Empty(vllm.Journal.Requests);
    }

    [Fact]
    public async Task OpenEndpoint_AbsoluteForm_IsServedUnderItsCanonicalPath()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);
        var body = ChatRequests.Body();

        var answer = await RawConnection.SendAsync(
            proxy, proxy.Addresses.Https,
            $"POST https://localhost/v1/chat/completions?key=x HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {ProxyUnderTest.Key}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}");

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Equal("/v1/chat/completions", Assert.Single(vllm.Journal.Requests).RawTarget);
    }

    [Fact]
    public async Task AbsoluteForm_WithoutAPath_TakesNoneFromItsQuery()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);

        var answer = await RawConnection.SendAsync(
            proxy, proxy.Addresses.Https,
            $"GET https://localhost?/v1/models HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {ProxyUnderTest.Key}\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 404", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/v1/chat/completions", "POST")]
    [InlineData("DELETE", "/v1/models", "GET")]
    [InlineData("OPTIONS", "/v1/embeddings", "POST")]
    [InlineData("PROPFIND", "/v1/models", "GET")]
    public async Task OpenEndpoint_WrongMethod_Answers405WithAllow(string method, string path, string allow)
    {
        await using var proxy = await ProxyUnderTest.StartAsync();

        using var response = await proxy.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal([allow], response.Content.Headers.Allow);
        Assert.Equal("method_not_allowed", await response.ErrorCodeAsync());
    }

    [Theory]
    [InlineData(false, HttpStatusCode.NotFound)]
    [InlineData(true, HttpStatusCode.OK)]
    public async Task Tokenizer_SwitchedOnOrNot_IsOpenOnlyThen(bool open, HttpStatusCode expected)
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address, [new("ApiSurface:Tokenizer", open ? "true" : null)]);

        using var response = await proxy.Client.SendAsync(ChatRequests.Post("/tokenize", """{"model":"test-model","prompt":"hello"}"""));

        Assert.Equal(expected, response.StatusCode);
    }

    private static IEnumerable<string> Spellings(string path)
    {
        var name = path[1..];
        return
        [
            path, path + "/", "/" + path, "//" + name, "/./" + name, "/v1/.." + path, "/v1/models/.." + path, "/v1/models/../.." + path,
            "/%2e" + path, "/%2e%2e" + path, "/%2f" + name, "/" + name.Replace("/", "%2f", StringComparison.Ordinal) + "?",
            "/%" + ((int)name[0]).ToString("x2", System.Globalization.CultureInfo.InvariantCulture) + name[1..],
            "/" + name.ToUpperInvariant(), path + ";a=b", path + "%00", path + "%20", path + "#", path + "?key=1",
            "https://localhost" + path, "http://vllm:8000" + path, "\\" + name, "/v1/chat/completions/../../.." + path,
        ];
    }
}
