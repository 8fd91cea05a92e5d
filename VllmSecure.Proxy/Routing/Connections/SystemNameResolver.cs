using System.Net;

namespace VllmSecure.Proxy.Routing.Connections;

/// <summary>Asks the operating system, so that hosts files and container DNS count.</summary>
internal sealed class SystemNameResolver : INameResolver
{
    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) => Dns.GetHostAddressesAsync(host, cancellationToken);
}
