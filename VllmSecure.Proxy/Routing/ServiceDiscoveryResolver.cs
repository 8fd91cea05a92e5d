using System.Net;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.ServiceDiscovery;
using VllmSecure.Proxy.Routing.Connections;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace VllmSecure.Proxy.Routing;

/// <summary>
/// Resolves upstream addresses by service discovery and DNS: <c>http://vllm</c> becomes every address behind that name, and
/// follows it. Each address is a server of its own, with its own load and health.
/// </summary>
internal sealed class ServiceDiscoveryResolver(
    ServiceEndpointResolver resolver, HostAddresses addresses, IOptions<RoutingOptions> options, TimeProvider clock) : IDestinationResolver
{
    public async ValueTask<ResolvedDestinationCollection> ResolveDestinationsAsync(
        IReadOnlyDictionary<string, DestinationConfig> destinations, CancellationToken cancellationToken)
    {
        var resolved = new Dictionary<string, DestinationConfig>(StringComparer.OrdinalIgnoreCase);
        var changes = new List<IChangeToken>();
        var hasNames = false;
        foreach (var (name, destination) in destinations)
        {
            var configured = new Uri(destination.Address);
            var source = await resolver.GetEndpointsAsync(configured.GetLeftPart(UriPartial.Authority), cancellationToken);
            changes.Add(source.ChangeToken);
            var servers = new List<DestinationConfig>();
            foreach (var endpoint in source.Endpoints)
            {
                var address = AddressOf(configured, endpoint.ToString()!);
                hasNames |= HostAddresses.IsName(address);
                servers.AddRange(await ExpandAsync(destination, address, cancellationToken));
            }

            foreach (var server in servers)
            {
                resolved[servers.Count == 1 ? name : $"{name} {new Uri(server.Address).Authority}"] = server;
            }
        }

        if (hasNames)
        {
            var refresh = new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.DnsRefreshSeconds), clock);
            changes.Add(new CancellationChangeToken(refresh.Token));
        }

        return new ResolvedDestinationCollection(resolved, new CompositeChangeToken(changes));
    }

    /// <summary>Several addresses behind a name are several servers; they keep the name for the Host header and for TLS. One address is left to the connection.</summary>
    private async Task<IEnumerable<DestinationConfig>> ExpandAsync(DestinationConfig destination, Uri address, CancellationToken cancellationToken)
    {
        var found = HostAddresses.IsName(address) ? await addresses.FindAsync(address.Host, cancellationToken) : [];
        return found.Count < 2
            ? [destination with { Address = address.AbsoluteUri }]
            : found.Select(ip => destination with { Address = With(address, ip), Host = address.Authority });
    }

    private static string With(Uri address, IPAddress ip) => new UriBuilder(address) { Host = ip.ToString() }.Uri.AbsoluteUri;

    /// <summary>An endpoint is a URI, or a host with or without a port; scheme and path stay those of the configured address.</summary>
    private static Uri AddressOf(Uri configured, string endpoint)
    {
        var authority = endpoint.Contains("://", StringComparison.Ordinal) ? new Uri(endpoint) : new Uri($"{configured.Scheme}://{endpoint}");
        var port = authority.IsDefaultPort && !configured.IsDefaultPort ? configured.Port : authority.Port;
        return new UriBuilder(configured.Scheme, authority.Host, port, configured.AbsolutePath).Uri;
    }
}
