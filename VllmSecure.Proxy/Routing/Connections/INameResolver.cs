using System.Net;

namespace VllmSecure.Proxy.Routing.Connections;

/// <summary>Looks host names up.</summary>
internal interface INameResolver
{
    /// <summary>All addresses of a name. Throws <see cref="System.Net.Sockets.SocketException"/> where there is none.</summary>
    Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken);
}
