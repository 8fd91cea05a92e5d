using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.ServiceDiscovery;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace VllmSecure.Proxy.Routing;

/// <summary>Resolves upstream addresses by service discovery: <c>http://vllm</c> becomes every address behind that name, and follows it.</summary>
internal sealed class ServiceDiscoveryResolver(ServiceEndpointResolver resolver) : IDestinationResolver
{
    public async ValueTask<ResolvedDestinationCollection> ResolveDestinationsAsync(
        IReadOnlyDictionary<string, DestinationConfig> destinations, CancellationToken cancellationToken)
    {
        var resolved = new Dictionary<string, DestinationConfig>(StringComparer.OrdinalIgnoreCase);
        var changes = new List<IChangeToken>();
        foreach (var (name, destination) in destinations)
        {
            var address = new Uri(destination.Address);
            var source = await resolver.GetEndpointsAsync(address.GetLeftPart(UriPartial.Authority), cancellationToken);
            changes.Add(source.ChangeToken);
            for (var i = 0; i < source.Endpoints.Count; i++)
            {
                var key = source.Endpoints.Count == 1 ? name : $"{name}-{i}";
                resolved[key] = destination with { Address = AddressOf(address, source.Endpoints[i].ToString()!) };
            }
        }

        return new ResolvedDestinationCollection(resolved, new CompositeChangeToken(changes));
    }

    /// <summary>An endpoint is a URI, or a host with or without a port; scheme and path stay those of the configured address.</summary>
    private static string AddressOf(Uri configured, string endpoint)
    {
        var authority = endpoint.Contains("://", StringComparison.Ordinal) ? new Uri(endpoint) : new Uri($"{configured.Scheme}://{endpoint}");
        var port = authority.IsDefaultPort && !configured.IsDefaultPort ? configured.Port : authority.Port;
        return new UriBuilder(configured.Scheme, authority.Host, port, configured.AbsolutePath).Uri.AbsoluteUri;
    }
}
