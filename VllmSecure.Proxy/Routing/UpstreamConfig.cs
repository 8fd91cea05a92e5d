using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;

namespace VllmSecure.Proxy.Routing;

/// <summary>One state of YARP's configuration; its change token fires when the next one is there.</summary>
internal sealed class UpstreamConfig(UpstreamsOptions options, IReadOnlyList<RouteConfig> routes, IReadOnlyList<ClusterConfig> clusters, CancellationToken changed)
    : IProxyConfig
{
    /// <summary>What it was made from.</summary>
    public UpstreamsOptions Options => options;

    public IReadOnlyList<RouteConfig> Routes => routes;

    public IReadOnlyList<ClusterConfig> Clusters => clusters;

    public IChangeToken ChangeToken { get; } = new CancellationChangeToken(changed);
}
