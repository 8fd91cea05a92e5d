using System.Net;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests;

/// <summary>vLLM acts on headers; a client sets none of them, and sees none of vLLM's own.</summary>
public sealed class HeaderHygieneTests
{
    [Fact]
    public async Task Request_WithInternalHeaders_ArrivesWithoutThem()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);
        using var request = ChatRequests.Chat();
        string[] dropped =
        [
            "X-data-parallel-rank", "X-Session-ID", "X-Vllm-Priority", "endpoint-load-metrics-format", "X-Forwarded-For", "X-Forwarded-Host",
            "Forwarded", "Cookie", "baggage", "tracestate", "Origin", "Referer", "Accept-Encoding", "Expect", "TE", "X-Anything",
        ];
        foreach (var name in dropped)
        {
            request.Headers.TryAddWithoutValidation(name, name == "Expect" ? "100-continue" : "1");
        }

        request.Headers.TryAddWithoutValidation("traceparent", "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01");
        request.Headers.TryAddWithoutValidation("X-Request-Id", "chosen-by-the-client");

        using var response = await proxy.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var received = Assert.Single(vllm.Journal.Requests);
        Assert.All(dropped, name => Assert.Null(received.Header(name)));
        Assert.DoesNotContain("0123456789abcdef0123456789abcdef", received.Header("traceparent") ?? "", StringComparison.Ordinal);
        Assert.Equal(Assert.Single(response.Headers.GetValues("X-Request-Id")), received.Header("X-Request-Id"));
        Assert.NotEqual("chosen-by-the-client", received.Header("X-Request-Id"));
    }

    [Fact]
    public async Task Request_WithForeignHost_ArrivesWithTheUpstreamsOwn()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);
        var body = ChatRequests.Body();

        var answer = await RawConnection.SendAsync(
            proxy, proxy.Addresses.Https,
            $"POST {ChatRequests.Path} HTTP/1.1\r\nHost: evil.example:1\r\nAuthorization: Bearer {ProxyUnderTest.Key}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}");

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Equal(vllm.Address.Authority, Assert.Single(vllm.Journal.Requests).Header("Host"));
    }

    [Fact]
    public async Task Answer_FromVllm_CarriesOnlyAllowedHeaders()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);
        using var request = ChatRequests.Chat();
        request.Headers.TryAddWithoutValidation("Origin", "https://page.example");

        using var response = await proxy.Client.SendAsync(request);

        var names = response.Headers.Concat(response.Content.Headers).Select(header => header.Key);
        Assert.DoesNotContain(names, name => name.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
        Assert.Single(response.Headers.GetValues("X-Request-Id"));
    }
}
