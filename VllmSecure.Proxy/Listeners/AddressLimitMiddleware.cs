using System.Net;
using Microsoft.AspNetCore.Connections;

namespace VllmSecure.Proxy.Listeners;

/// <summary>Closes a connection, before TLS costs anything, where its client has as many as it may.</summary>
internal sealed class AddressLimitMiddleware(ConnectionDelegate next, AddressConnections connections)
{
    public Task OnConnectionAsync(ConnectionContext connection)
    {
        if (connection.RemoteEndPoint is not IPEndPoint { Address: var address })
        {
            return next(connection);
        }

        var client = AddressConnections.ClientOf(address);
        if (connections.TryEnter(client))
        {
            return ServeAsync(connection, client);
        }

        connection.Abort();
        return Task.CompletedTask;
    }

    private async Task ServeAsync(ConnectionContext connection, IPAddress client)
    {
        try
        {
            await next(connection);
        }
        finally
        {
            connections.Leave(client);
        }
    }
}
