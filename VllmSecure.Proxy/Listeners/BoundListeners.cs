using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Listeners;

/// <summary>The sockets as they were really bound, so that port 0 and redirects work.</summary>
internal sealed class BoundListeners
{
    private readonly List<(ListenerRole Role, ListenOptions Options)> _listeners = [];

    /// <summary>Remembers a listener; Kestrel writes the bound port into its options.</summary>
    public void Add(ListenerRole role, ListenOptions options) => _listeners.Add((role, options));

    /// <summary>The first bound endpoint of a role; null where there is none.</summary>
    public IPEndPoint? First(ListenerRole role) =>
        _listeners.Find(listener => listener.Role == role).Options?.IPEndPoint;

    /// <summary>The address of the first listener of a role as this machine reaches it; null where there is none.</summary>
    public Uri? AddressOf(ListenerRole role)
    {
        if (First(role) is not { } endpoint)
        {
            return null;
        }

        var isLocal = IPAddress.IsLoopback(endpoint.Address) || endpoint.Address.Equals(IPAddress.Any) || endpoint.Address.Equals(IPAddress.IPv6Any);
        var scheme = role == ListenerRole.Inference ? Uri.UriSchemeHttps : Uri.UriSchemeHttp;
        return new UriBuilder(scheme, isLocal ? "localhost" : endpoint.Address.ToString(), endpoint.Port).Uri;
    }
}
