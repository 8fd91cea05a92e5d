using System.Net;
using System.Net.Sockets;
using System.Text;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests;

/// <summary>What is too large or is not HTTP is refused in the error shape, before it costs anything.</summary>
public sealed class LimitsTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Body_AboveTheLimit_Answers413(bool chunked)
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address, [new("ApiSurface:MaxBodyBytes", "1000"), new("ApiSurface:MaxMediaBodyBytes", "2000")]);

        // /v1/completions takes no media, so the smaller limit holds there.
        using var request = ChatRequests.Post("/v1/completions", $$"""{"model":"test-model","prompt":"{{new string('a', 1500)}}"}""");
        request.Headers.TransferEncodingChunked = chunked;
        using var response = await proxy.Client.SendAsync(request);
        using var chat = await proxy.Client.SendAsync(ChatRequests.Chat(prompt: new string('a', 1500)));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("request_too_large", await response.ErrorCodeAsync());
        Assert.Equal(HttpStatusCode.OK, chat.StatusCode);
    }

    [Theory]
    [InlineData("GET /v1/models HTTP/1.1\r\nHost: localhost\r\nX: {0}\r\n\r\n", 431)]
    [InlineData("GET /v1/models HTTP/1.1\r\nno colon here\r\n\r\n", 400)]
    [InlineData("GET /v1/models HTTP/1.1\r\n\r\n", 400)]
    [InlineData("NONSENSE\r\n\r\n", 400)]
    [InlineData("GET /{0} HTTP/1.1\r\nHost: localhost\r\n\r\n", 414)]
    [InlineData("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400)]
    public async Task Request_ThatKestrelRejects_StillGetsTheErrorShape(string request, int status)
    {
        await using var proxy = await ProxyUnderTest.StartAsync();
        foreach (var address in new[] { proxy.Addresses.Https, proxy.Addresses.Http!, proxy.Addresses.Management })
        {
            var answer = await RawConnection.SendAsync(proxy, address, request.Replace("{0}", new string('a', 40_000), StringComparison.Ordinal));

            Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
            Assert.Contains("Content-Type: application/json", answer, StringComparison.Ordinal);
            Assert.Contains("{\"error\":{\"message\":", answer, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Headers_ThatDoNotArriveInTime_Answer408()
    {
        await using var proxy = await ProxyUnderTest.StartAsync(settings: [new("Limits:HeadersTimeoutSeconds", "1")]);

        var answer = await RawConnection.SendAsync(proxy, proxy.Addresses.Https, "GET /v1/models HTTP/1.1\r\nHost: local");

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        Assert.Contains("{\"error\":{\"message\":", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connection_BeyondTheLimit_IsClosed()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        vllm.Faults.Next(Fault.Stall(afterTokens: 1));
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address, [new("Limits:MaxConnections", "1")]);
        using var second = proxy.CreateClient();

        using var stream = await proxy.Client.SendForStreamAsync(ChatRequests.Chat(stream: true));

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => second.SendAsync(ChatRequests.Chat()));
    }

    [Fact]
    public async Task Connection_BeyondTheLimitOfItsAddress_IsClosedAndOthersAreNot()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        vllm.Faults.Next(Fault.Stall(afterTokens: 1));
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address, [new("Limits:MaxConnectionsPerAddress", "1")]);
        using var second = proxy.CreateClient();
        using var elsewhere = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        elsewhere.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
        using var management = new HttpClient { BaseAddress = proxy.Addresses.Management };

        using (await proxy.Client.SendForStreamAsync(ChatRequests.Chat(stream: true)))
        {
            await Assert.ThrowsAnyAsync<Exception>(() => second.SendAsync(ChatRequests.Chat()));
            using var status = await management.GetAsync("/status");
            Assert.Equal(HttpStatusCode.OK, status.StatusCode);

            await elsewhere.ConnectAsync(IPAddress.Loopback, proxy.Addresses.Http!.Port);
            await elsewhere.SendAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));
            Assert.NotEqual(0, await elsewhere.ReceiveAsync(new byte[100]).WaitAsync(TimeSpan.FromSeconds(30)));
        }

        // Its place is free again once its connection has closed.
        proxy.Client.Dispose();
        HttpResponseMessage? answer = null;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (answer is null)
        {
            try
            {
                answer = await second.SendAsync(ChatRequests.Chat(), patience.Token);
            }
            catch (Exception exception) when (exception is HttpRequestException or SocketException)
            {
                await Task.Yield();
            }
        }

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        answer.Dispose();
    }
}
