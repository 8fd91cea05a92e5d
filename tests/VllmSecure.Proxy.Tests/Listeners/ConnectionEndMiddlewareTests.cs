using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Time.Testing;
using VllmSecure.Proxy.Listeners;

namespace VllmSecure.Proxy.Tests.Listeners;

public sealed class ConnectionEndMiddlewareTests : IDisposable
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _clock = new();
    private readonly TaskCompletionSource _server = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _closed = new();

    [Fact]
    public async Task OnConnection_Http2ClosedAndTheServerWaitsOn_EndsAfterTheGrace()
    {
        var running = Run(SslApplicationProtocol.Http2);

        await CloseAsync();
        await AdvanceUntilAsync(running);
    }

    [Fact]
    public void OnConnection_Http2Open_WaitsForTheServer()
    {
        var running = Run(SslApplicationProtocol.Http2);

        _clock.Advance(ConnectionEndMiddleware.Grace * 10);

        Assert.False(running.IsCompleted);
    }

    [Fact]
    public async Task OnConnection_Http11Closed_WaitsForTheServer()
    {
        // Others may wait for the answer of a client that has left.
        var running = Run(SslApplicationProtocol.Http11);

        await CloseAsync();
        _clock.Advance(ConnectionEndMiddleware.Grace * 10);
        Assert.False(running.IsCompleted);

        _server.SetResult();
        await running.WaitAsync(Guard);
    }

    [Fact]
    public async Task OnConnection_ServerFails_PassesTheFailureOn()
    {
        var running = Run(SslApplicationProtocol.Http2);

        _server.SetException(new IOException("lost"));

        await Assert.ThrowsAsync<IOException>(() => running.WaitAsync(Guard));
    }

    public void Dispose() => _closed.Dispose();

    private Task CloseAsync() => _closed.CancelAsync();

    /// <summary>Time goes on only once somebody waits for it, which the connection does a moment after it has closed.</summary>
    private async Task AdvanceUntilAsync(Task running)
    {
        using var guard = new CancellationTokenSource(Guard);
        while (!running.IsCompleted)
        {
            guard.Token.ThrowIfCancellationRequested();
            _clock.Advance(ConnectionEndMiddleware.Grace);
            await Task.Yield();
        }

        await running;
    }

    private Task Run(SslApplicationProtocol protocol)
    {
        var connection = new DefaultConnectionContext("1") { ConnectionClosed = _closed.Token };
        connection.Features.Set<ITlsApplicationProtocolFeature>(new Protocol(protocol.Protocol));
        return new ConnectionEndMiddleware(_ => _server.Task, _clock).OnConnectionAsync(connection);
    }

    private sealed record Protocol(ReadOnlyMemory<byte> ApplicationProtocol) : ITlsApplicationProtocolFeature;
}
