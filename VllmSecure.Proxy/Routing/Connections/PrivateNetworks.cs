using System.Net;
using System.Net.Sockets;

namespace VllmSecure.Proxy.Routing.Connections;

/// <summary>The addresses to which plain HTTP may go: what is sent there does not cross the internet.</summary>
internal static class PrivateNetworks
{
    /// <summary>RFC 1918, RFC 3927 (link-local), RFC 6598 (100.64/10, shared by overlay networks), RFC 4193 (unique local), RFC 4291 (link-local).</summary>
    private static readonly IPNetwork[] Networks =
    [
        IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("100.64.0.0/10"),
        IPNetwork.Parse("fc00::/7"), IPNetwork.Parse("fe80::/10"),
    ];

    public static bool Contains(IPAddress address)
    {
        if (address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: true })
        {
            address = address.MapToIPv4();
        }

        return IPAddress.IsLoopback(address) || Array.Exists(Networks, network => network.Contains(address));
    }
}
