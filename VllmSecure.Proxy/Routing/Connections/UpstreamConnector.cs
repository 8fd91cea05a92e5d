using System.Net;
using System.Net.Sockets;

namespace VllmSecure.Proxy.Routing.Connections;

/// <summary>
/// Opens the connections to one upstream. The check for plain HTTP is made here, on the address that is really connected
/// to: a name may have another one now than when the proxy started.
/// </summary>
internal sealed class UpstreamConnector(UpstreamConnection connection, UpstreamTls tls, INameResolver names)
{
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        if (connection.SocketPath is { } path)
        {
            return await ConnectAsync(
                new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified),
                socket => socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken));
        }

        var target = context.DnsEndPoint;
        var addresses = IPAddress.TryParse(target.Host, out var literal) ? [literal] : await names.ResolveAsync(target.Host, cancellationToken);
        var isHttps = context.InitialRequestMessage.RequestUri?.Scheme == Uri.UriSchemeHttps;
        if (!connection.AllowPlainHttp && !isHttps)
        {
            addresses = Array.FindAll(addresses, PrivateNetworks.Contains);
            if (addresses.Length == 0)
            {
                throw new PlainHttpRefusedException(connection.Upstream);
            }
        }

        var stream = await ConnectAsync(
            new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true },
            socket => socket.ConnectAsync(addresses, target.Port, cancellationToken));
        return isHttps && connection.ClientCertificate is not null
            ? await tls.AuthenticateAsync(stream, NameOf(context), cancellationToken)
            : stream;
    }

    /// <summary>The name that the server is known by, as the HTTP client takes it: the Host header where the address is one of many behind a name.</summary>
    private static string NameOf(SocketsHttpConnectionContext context) =>
        context.InitialRequestMessage.Headers.Host is { } host ? new Uri($"https://{host}").IdnHost : context.DnsEndPoint.Host;

    private static async Task<NetworkStream> ConnectAsync(Socket socket, Func<Socket, ValueTask> connect)
    {
        try
        {
            await connect(socket);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
