using System.Net;
using System.Net.Sockets;

namespace VllmSecure.Proxy.Listeners;

/// <summary>Counts the open connections of each client: <see cref="LimitsOptions.MaxConnectionsPerAddress"/>.</summary>
internal sealed class AddressConnections(int limit)
{
    // What one IPv6 customer gets at least (RFC 6177): its addresses are one client.
    private const int CustomerBytes = 8;

    private readonly Dictionary<IPAddress, int> _open = [];
    private readonly Lock _gate = new();

    /// <summary>The client that an address belongs to.</summary>
    public static IPAddress ClientOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[CustomerBytes..].Clear();
        return new IPAddress(bytes);
    }

    /// <summary>Counts one more, unless the client has as many as it may.</summary>
    public bool TryEnter(IPAddress client)
    {
        lock (_gate)
        {
            var open = _open.GetValueOrDefault(client);
            if (open >= limit)
            {
                return false;
            }

            _open[client] = open + 1;
            return true;
        }
    }

    public void Leave(IPAddress client)
    {
        lock (_gate)
        {
            if (--_open[client] == 0)
            {
                _open.Remove(client);
            }
        }
    }
}
