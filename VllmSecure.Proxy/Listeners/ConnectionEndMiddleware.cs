using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace VllmSecure.Proxy.Listeners;

/// <summary>
/// Ends an HTTP/2 connection that is closed and whose server waits on. When a client resets streams faster than Kestrel clears
/// them away, Kestrel cuts the connection, but may lose the stream with which its queue ran over, and then waits for that
/// stream's end for ever (dotnet/aspnetcore#51307 knows the loop): each such connection would keep its place of
/// <c>Limits:MaxConnections</c>.
/// </summary>
internal sealed class ConnectionEndMiddleware(ConnectionDelegate next, TimeProvider clock)
{
    /// <summary>What the requests of a connection get to end after it has closed; they are cancelled at once.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    public Task OnConnectionAsync(ConnectionContext connection) =>
        connection.Features.Get<ITlsApplicationProtocolFeature>() is { ApplicationProtocol: var protocol }
        && protocol.Span.SequenceEqual(SslApplicationProtocol.Http2.Protocol.Span)
            ? ServeHttp2Async(connection)
            : next(connection);

    private async Task ServeHttp2Async(ConnectionContext connection)
    {
        var served = next(connection);
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = connection.ConnectionClosed.UnsafeRegister(static closed => ((TaskCompletionSource)closed!).TrySetResult(), closed);
        await Task.WhenAny(served, closed.Task);
        try
        {
            await served.WaitAsync(closed.Task.IsCompleted ? Grace : Timeout.InfiniteTimeSpan, clock);
        }
        catch (TimeoutException) when (!served.IsCompleted)
        {
            // Whatever it waits for is collected with it.
        }
    }
}
