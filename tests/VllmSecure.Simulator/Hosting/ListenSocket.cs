using System.Net;
using System.Net.Sockets;

namespace VllmSecure.Simulator.Hosting;

/// <summary>
/// A socket that is bound, and listens only once Kestrel has it: until then its port is ours and connections to it are
/// refused, as they are while vLLM loads or after it has crashed.
/// </summary>
internal static class ListenSocket
{
    public static Socket Bind(IPEndPoint endpoint)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endpoint.Address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(endpoint);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The end point of an http URL; <c>*</c>, <c>+</c> and other names than addresses mean all interfaces.</summary>
    public static IPEndPoint Parse(string? urls)
    {
        if (urls is null)
        {
            return new IPEndPoint(IPAddress.Loopback, 0);
        }

        var address = Microsoft.AspNetCore.Http.BindingAddress.Parse(urls.Split(';')[0]);
        if (!string.Equals(address.Scheme, "http", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException($"The simulator speaks plain HTTP, not '{address.Scheme}': give a URL such as http://127.0.0.1:8000.", nameof(urls));
        }

        var host = address.Host.Trim('[', ']');
        var ip = string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
            : IPAddress.TryParse(host, out var parsed) ? parsed : IPAddress.Any;
        return new IPEndPoint(ip, address.Port);
    }
}
