using VllmSecure.Proxy.Errors;
using VllmSecure.Proxy.Exchange;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace VllmSecure.Proxy.Routing;

/// <summary>Chooses the upstream with the fewest requests in flight; equal ones take turns by chance.</summary>
internal sealed class UpstreamSelectionMiddleware(RequestDelegate next, IProxyStateLookup upstreams)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (Choose(upstreams.GetClusters()) is not { } chosen)
        {
            return context.WriteErrorAsync(ApiErrors.NoUpstream);
        }

        context.ReassignProxyRequest(chosen.Cluster);
        context.GetReverseProxyFeature().AvailableDestinations = chosen.Destination;
        ProxyExchange.Of(context).Upstream = chosen.Cluster.ClusterId;
        return next(context);
    }

    private static UpstreamCandidate? Choose(IEnumerable<ClusterState> clusters)
    {
        UpstreamCandidate? best = null;
        var fewest = int.MaxValue;
        var equals = 0;
        foreach (var cluster in clusters)
        {
            foreach (var destination in cluster.DestinationsState.AvailableDestinations)
            {
                var running = destination.ConcurrentRequestCount;
                equals = running == fewest ? equals + 1 : 1;
#pragma warning disable CA5394 // Which of two equal upstreams is taken is no secret.
                if (running < fewest || (running == fewest && Random.Shared.Next(equals) == 0))
#pragma warning restore CA5394
                {
                    best = new UpstreamCandidate(cluster, destination);
                }

                fewest = Math.Min(fewest, running);
            }
        }

        return best;
    }
}
