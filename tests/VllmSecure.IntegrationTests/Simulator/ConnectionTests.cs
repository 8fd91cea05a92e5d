using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests.Simulator;

public class ConnectionTests
{
    private const string Chat = "/v1/chat/completions";

    [Fact]
    public async Task Connection_Idle_IsClosedAfterKeepAlive()
    {
        var options = SimulatorClient.Options();
        options.KeepAlive = TimeSpan.FromMilliseconds(150);
        await using var client = await SimulatorClient.StartAsync(options);
        using var connection = await RawConnection.OpenAsync(client.Vllm.Address);
        var started = TimeProvider.System.GetTimestamp();
        await connection.PostAsync(Chat, SimulatorClient.Chat("x"));
        Assert.EndsWith("}", await connection.ReadToEndAsync(), StringComparison.Ordinal);
        // The runtime's timers count on a coarser clock than this one: early by its resolution is not early.
        Assert.True(TimeProvider.System.GetElapsedTime(started) >= options.KeepAlive - TimeSpan.FromMilliseconds(20));
    }

    [Fact]
    public async Task Connection_KeptAlive_ServesSeveralRequestsUnderOneId()
    {
        await using var client = await SimulatorClient.StartAsync();
        using var connection = await RawConnection.OpenAsync(client.Vllm.Address);
        for (var request = 0; request < 3; request++)
        {
            await connection.SendAsync("GET /version HTTP/1.1\nHost: x");
            Assert.Contains("0.33.0", await connection.ReadUntilAsync("}"), StringComparison.Ordinal);
        }

        var requests = client.Vllm.Journal.Requests;
        Assert.Equal(3, requests.Count);
        Assert.All(requests, request => Assert.Equal(requests[0].ConnectionId, request.ConnectionId));
    }

    [Fact]
    public async Task Request_Recorded_IsAsItWasSent()
    {
        await using var client = await SimulatorClient.StartAsync();
        using var connection = await RawConnection.OpenAsync(client.Vllm.Address);
        var body = SimulatorClient.Chat("grüße");
        await connection.SendAsync($"""
            POST {Chat}?a=%41&b HTTP/1.1
            Host: gateway:1
            content-type: application/json
            X-Twice: one
            X-Twice: two
            Traceparent: 00-1-2-01
            Content-Length: {System.Text.Encoding.UTF8.GetByteCount(body)}
            """, body);
        await connection.ReadUntilAsync("usage");
        var record = Assert.Single(client.Vllm.Journal.Requests);

        // The answer is on the wire before the record of it is complete.
        await record.Ended.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(("POST", $"{Chat}?a=%41&b", Chat, "HTTP/1.1"), (record.Method, record.RawTarget, record.Path, record.Protocol));
        Assert.Equal("one|two", string.Join('|', record.Headers["x-twice"]));
        Assert.Equal(("00-1-2-01", "gateway:1"), (record.Header("traceparent"), record.Header("Host")));
        Assert.Equal((body, "m", 1, 200), (record.BodyText, record.Model, record.PromptTokens, record.StatusCode));
        Assert.NotNull(record.TimeToFirstToken);
    }

    [Fact]
    public async Task Response_Headers_AreUvicornsAndForbidNoCaching()
    {
        await using var client = await SimulatorClient.StartAsync();
        using var response = await client.StartPostAsync(Chat, SimulatorClient.Chat("x", "\"stream\":true"));
        Assert.Equal("uvicorn", response.Headers.Server.ToString());
        Assert.Null(response.Headers.CacheControl);
        Assert.True(response.Headers.TransferEncodingChunked);
        Assert.False(response.Headers.Contains("X-Request-Id"));
    }

    [Fact]
    public async Task Protocol_Http2_IsNotSpoken()
    {
        await using var client = await SimulatorClient.StartAsync();
        using var connection = await RawConnection.OpenAsync(client.Vllm.Address);
        await connection.SendAsync("PRI * HTTP/2.0", "SM\r\n\r\n");
        // A GOAWAY frame: eight bytes, type 7.
        Assert.StartsWith("\0\0\b\a", await connection.ReadUntilAsync("\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_LargerThanKestrelsDefault_IsTaken()
    {
        await using var client = await SimulatorClient.StartAsync();
        using var content = new StreamContent(new MemoryStream(new byte[31_000_000]));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await client.Http.PostAsync(Chat, content);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(31_000_000, client.Vllm.Journal.Requests[0].Body.Length);
    }

    [Fact]
    public async Task Stopped_RefusesConnectionsAndRestartsOnItsPort()
    {
        await using var client = await SimulatorClient.StartAsync();
        var address = client.Vllm.Address;
        await client.Vllm.StopAsync();
        Assert.Equal(SocketError.ConnectionRefused, await ConnectAsync(address));

        await client.Vllm.RestartAsync();
        Assert.Equal(address, client.Vllm.Address);
        Assert.Equal(HttpStatusCode.OK, (await client.Http.GetAsync("/health")).StatusCode);
    }

    [Fact]
    public async Task Stopped_CutsRequestsInFlight()
    {
        await using var client = await SimulatorClient.StartAsync();
        client.Vllm.Faults.Next(Fault.Stall(1));
        using var connection = await RawConnection.OpenAsync(client.Vllm.Address);
        await connection.PostAsync(Chat, SimulatorClient.Chat("x", "\"stream\":true"));
        var record = await client.Vllm.Journal.WaitForAsync(request => request.FaultStruck).WaitAsync(SimulatorClient.Patience);
        await client.Vllm.StopAsync().WaitAsync(SimulatorClient.Patience);
        Assert.Equal(RequestEnd.Faulted, await record.Ended.WaitAsync(SimulatorClient.Patience));
        Assert.True(await connection.EndsWithResetAsync());
    }

    [Fact]
    public async Task Loading_RefusesConnectionsUntilLoaded()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var options = SimulatorClient.Options();
        (options.LoadTime, options.TimeProvider) = (TimeSpan.FromMinutes(3), time);
        await using var client = await SimulatorClient.StartAsync(options);
        Assert.Equal(SocketError.ConnectionRefused, await ConnectAsync(client.Vllm.Address));
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(SocketError.ConnectionRefused, await ConnectAsync(client.Vllm.Address));

        time.Advance(TimeSpan.FromMinutes(1));
        await client.Vllm.Loaded.WaitAsync(SimulatorClient.Patience);
        Assert.Equal(SocketError.Success, await ConnectAsync(client.Vllm.Address));
    }

    private static async Task<SocketError> ConnectAsync(Uri address)
    {
        try
        {
            using var connection = await RawConnection.OpenAsync(address);
            return SocketError.Success;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode;
        }
    }
}
