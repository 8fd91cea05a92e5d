using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace VllmSecure.Proxy.Tls.Handshake;

/// <summary>
/// Looks at the ClientHello without consuming it and leaves it as a feature of the connection. What TLS itself
/// tells a server of it lacks both supported_versions and ALPN. An unreadable one passes on: TLS refuses it, with the
/// right alert.
/// </summary>
internal sealed class ClientHelloMiddleware(ConnectionDelegate next, TimeSpan timeout, TimeProvider clock)
{
    public async Task OnConnectionAsync(ConnectionContext connection)
    {
        if (!await PeekAsync(connection))
        {
            return;
        }

        try
        {
            await next(connection);
        }
        catch (NotSupportedException) when (connection.Features.Get<PeekedClientHello>() is { Hello: null })
        {
            // No TLS at all: SslStream asks nobody for a certificate then, and complains that it has none. Anybody can send such
            // bytes; they are no error of the proxy, and no reason for a stack trace in its log.
        }
    }

    /// <summary>False where the client left, was too slow, or the server stops: there is nobody to shake hands with.</summary>
    private async Task<bool> PeekAsync(ConnectionContext connection)
    {
        var stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        using var deadline = new CancellationTokenSource(timeout, clock);
        using var given = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stopping, connection.ConnectionClosed);
        var input = connection.Transport.Input;
        try
        {
            while (true)
            {
                var result = await input.ReadAsync(given.Token);
                var status = ClientHelloReader.TryRead(result.Buffer, out var hello);
                if (status != ClientHelloStatus.Incomplete)
                {
                    connection.Features.Set(new PeekedClientHello(hello));
                    input.AdvanceTo(result.Buffer.Start);
                    return true;
                }

                input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
                if (result.IsCompleted)
                {
                    return false;
                }
            }
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
