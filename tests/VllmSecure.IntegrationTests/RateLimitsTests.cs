using System.Buffers.Binary;
using System.Net.Security;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests;

/// <summary>A client may be slow, but not hold the server's memory by it. Kestrel grants 5 s before it looks.</summary>
public sealed class RateLimitsTests
{
    private const int MaxConcurrentStreams = 3; // RFC 9113 section 6.5.2

    [Fact]
    public async Task Body_ThatDripsIn_Answers408()
    {
        await using var proxy = await ProxyUnderTest.StartAsync(settings: [new("Limits:MinRequestBytesPerSecond", "1000")]);

        var answer = await RawConnection.SendAsync(
            proxy,
            proxy.Addresses.Https,
            $"POST {ChatRequests.Path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {ProxyUnderTest.Key}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{");

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        Assert.Contains("{\"error\":{\"message\":", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_ThatNobodyTakes_IsCutAndCancelledUpstream()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model], MaxModelLength = 2_000_000 });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address, [new("Limits:MinResponseBytesPerSecond", "1000000"), new("RequestPolicy:MaxOutputTokens", "1000000")]);
        await using var connection = await RawConnection.OpenAsync(proxy, proxy.Addresses.Https);
        var body = """{"model":"test-model","stream":true,"ignore_eos":true,"max_tokens":1000000,"messages":[{"role":"user","content":"Talk."}]}""";

        await connection.WriteAsync(
            $"POST {ChatRequests.Path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {ProxyUnderTest.Key}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");

        await vllm.Journal.WaitForAsync(request => request.Aborted).WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Stream_WithLongPauses_IsNotSlow()
    {
        await using var vllm = await SimulatedVllm.StartAsync(
            new SimulatorOptions { Models = [ChatRequests.Model], InterTokenLatency = TimeSpan.FromSeconds(3) });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address, [new("Limits:MinResponseBytesPerSecond", "1000000")]);

        using var response = await proxy.Client.SendAsync(ChatRequests.Chat(stream: true, maxTokens: 4));

        Assert.EndsWith("data: [DONE]\n\n", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Streams_OfOneConnection_AreLimitedInTheSettingsFrame()
    {
        await using var proxy = await ProxyUnderTest.StartAsync(settings: [new("Limits:MaxStreamsPerConnection", "7")]);
        await using var connection = await RawConnection.OpenAsync(proxy, proxy.Addresses.Https, SslApplicationProtocol.Http2);

        await connection.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0");
        var header = await connection.ReadAsync(9);
        var settings = await connection.ReadAsync((header[0] << 16) | (header[1] << 8) | header[2]);

        Assert.Equal(4, header[3]);
        var limit = settings.Chunk(6).Single(setting => BinaryPrimitives.ReadUInt16BigEndian(setting) == MaxConcurrentStreams);
        Assert.Equal(7u, BinaryPrimitives.ReadUInt32BigEndian(limit.AsSpan(2)));
    }
}
