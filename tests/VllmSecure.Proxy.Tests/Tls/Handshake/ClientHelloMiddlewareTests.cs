using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Time.Testing;
using VllmSecure.Proxy.Tls.Handshake;

namespace VllmSecure.Proxy.Tests.Tls.Handshake;

public sealed class ClientHelloMiddlewareTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _clock = new();
    private readonly Pipe _input = new();
    private readonly DefaultConnectionContext _connection;
    private bool _passedOn;

    public ClientHelloMiddlewareTests() =>
        _connection = new DefaultConnectionContext("1") { Transport = new DuplexPipe(_input.Reader) };

    [Fact]
    public async Task OnConnection_HelloInPieces_IsLeftUnread()
    {
        var bytes = ClientHelloBytes.Records(ClientHelloBytes.Message("example.com"), 30);
        var running = RunAsync();
        foreach (var piece in bytes.Chunk(17))
        {
            await _input.Writer.WriteAsync(piece);
        }

        await running.WaitAsync(Guard);

        Assert.True(_passedOn);
        Assert.Equal("example.com", _connection.Features.Get<PeekedClientHello>()?.Hello?.ServerName);
        var left = await _input.Reader.ReadAtLeastAsync(bytes.Length);
        Assert.Equal(bytes.Length, left.Buffer.Length);
    }

    [Fact]
    public async Task OnConnection_Garbage_PassesOnWithoutAHello()
    {
        await _input.Writer.WriteAsync("GET / HTTP/1.1\r\n"u8.ToArray());
        await RunAsync().WaitAsync(Guard);

        Assert.True(_passedOn);
        Assert.Null(_connection.Features.Get<PeekedClientHello>()!.Hello);
    }

    [Fact]
    public async Task OnConnection_SilentClient_EndsAtTheDeadline()
    {
        var running = RunAsync();
        await _input.Writer.WriteAsync(new byte[] { 22, 3, 1 });
        _clock.Advance(Timeout - TimeSpan.FromMilliseconds(1));
        Assert.False(running.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        await running.WaitAsync(Guard);
        Assert.False(_passedOn);
    }

    [Fact]
    public async Task OnConnection_ClientLeaves_Ends()
    {
        var running = RunAsync();
        await _input.Writer.CompleteAsync(new ConnectionResetException("reset"));

        await running.WaitAsync(Guard);
        Assert.False(_passedOn);
    }

    private Task RunAsync() => new ClientHelloMiddleware(
        _ =>
        {
            _passedOn = true;
            return Task.CompletedTask;
        },
        Timeout,
        _clock).OnConnectionAsync(_connection);

    private sealed class DuplexPipe(PipeReader input) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output { get; } = new Pipe().Writer;
    }
}
