using VllmSecure.Proxy.Routing.Connections;

namespace VllmSecure.Proxy.Tests.Routing.Connections;

public sealed class OneWriteHandlerTests : IDisposable
{
    private readonly RecordingConnection _connection = new();
    private readonly HttpMessageInvoker _client;

    public OneWriteHandlerTests() =>
        _client = new(new OneWriteHandler(new SocketsHttpHandler { UseProxy = false, ConnectCallback = (_, _) => ValueTask.FromResult<Stream>(_connection) }));

    [Fact]
    public async Task Send_ContentFlushesFirst_HeadersAndBodyAreOneWrite()
    {
        await SendAsync(new FlushingContent("body"));

        var write = Assert.Single(_connection.Writes);
        Assert.StartsWith("POST / HTTP/1.1\r\n", write, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nbody", write, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_ContentFlushesBetween_WhatIsThereGoesOut()
    {
        await SendAsync(new FlushingContent("some", "more"));

        Assert.Equal(2, _connection.Writes.Count);
        Assert.EndsWith("\r\n\r\nsome", _connection.Writes[0], StringComparison.Ordinal);
        Assert.Equal("more", _connection.Writes[1]);
    }

    [Fact]
    public async Task Send_ContentWithHeaders_KeepsThemAndItsLength()
    {
        var content = new FlushingContent("body");
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json; charset=utf-8");
        content.Headers.ContentLength = 4;

        await SendAsync(content);

        Assert.Contains("\r\nContent-Type: application/json; charset=utf-8\r\n", _connection.Writes[0], StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Length: 4\r\n", _connection.Writes[0], StringComparison.Ordinal);
        Assert.DoesNotContain("Transfer-Encoding", _connection.Writes[0], StringComparison.Ordinal);
    }

    public void Dispose() => _client.Dispose();

    private async Task SendAsync(HttpContent content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://upstream.test/") { Content = content };
        using var response = await _client.SendAsync(request, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.True(response.IsSuccessStatusCode);
    }
}
