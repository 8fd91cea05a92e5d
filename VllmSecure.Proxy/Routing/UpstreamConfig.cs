using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;

namespace VllmSecure.Proxy.Routing;

/// <summary>One state of YARP's configuration; its change token fires when the next one is there.</summary>
internal sealed class UpstreamConfig(IReadOnlyList<RouteConfig> routes, IReadOnlyList<ClusterConfig> clusters, CancellationToken changed)
    : IProxyConfig
{
    public IReadOnlyList<RouteConfig> Routes => routes;

    public IReadOnlyList<ClusterConfig> Clusters => clusters;

    public IChangeToken ChangeToken { get; } = new CancellationChangeToken(changed);
}
