using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace VllmSecure.Proxy.Routing.Connections;

/// <summary>
/// The servers behind host names. A look-up that fails changes nothing: the addresses that were found last stay, and a name
/// that was never found is left to the connection, which then says so.
/// </summary>
internal sealed class HostAddresses(INameResolver names)
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<IPAddress>> _last = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether an address is a name that DNS may know: localhost is one server however many addresses it has.</summary>
    public static bool IsName(Uri address) => address.HostNameType == UriHostNameType.Dns && !address.IsLoopback;

    public async Task<IReadOnlyList<IPAddress>> FindAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            var found = OneFamily(await names.ResolveAsync(host, cancellationToken));
            _last[host] = found;
            return found;
        }
        catch (SocketException)
        {
            return _last.GetValueOrDefault(host, []);
        }
    }

    /// <summary>A server with an address of each family would count twice.</summary>
    private static IPAddress[] OneFamily(IPAddress[] addresses)
    {
        var version4 = Array.FindAll(addresses, address => address.AddressFamily == AddressFamily.InterNetwork);
        return [.. (version4.Length > 0 ? version4 : addresses).Distinct()];
    }
}
