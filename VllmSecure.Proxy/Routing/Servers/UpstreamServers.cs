using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Routing.Health;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace VllmSecure.Proxy.Routing.Servers;

/// <summary>All servers behind all upstreams, as they are at this moment, and which upstreams are being drained.</summary>
internal sealed class UpstreamServers(
    IProxyStateLookup lookup, CurrentUpstreams upstreams, IOptions<UpstreamHealthOptions> health, TimeProvider clock)
{
    /// <summary>YARP keeps a destination of the same name, and gives it another model when its address changes: that is another server.</summary>
    private readonly ConditionalWeakTable<DestinationModel, UpstreamServer> _servers = [];

    /// <summary>By YARP's cluster: an upstream that was taken away and comes back is a new one.</summary>
    private readonly ConditionalWeakTable<ClusterState, object> _drained = [];

    private volatile bool _hasFirst;

    public List<UpstreamServer> All
    {
        get
        {
            var all = new List<UpstreamServer>();
            foreach (var cluster in lookup.GetClusters())
            {
                foreach (var destination in cluster.DestinationsState.AllDestinations)
                {
                    all.Add(_servers.GetValue(destination.Model, _ => Create(cluster, destination)));
                }
            }

            _hasFirst |= all.Count > 0;
            return all;
        }
    }

    /// <summary>The models that a server is configured or known to serve; null: not known.</summary>
    public IReadOnlyCollection<string>? ModelsOf(UpstreamServer server) =>
        upstreams.Find(server.Upstream) is { Models: { Count: > 0 } listed } ? [.. listed] : server.Models;

    public double WeightOf(UpstreamServer server) => upstreams.Find(server.Upstream)?.Weight ?? 0;

    /// <summary>The engine's own figures; null: not known, or too old to go by.</summary>
    public EngineGauges? GaugesOf(UpstreamServer server) =>
        server.Gauges is { } gauges && IsFresh(gauges.ReadAt) ? gauges : null;

    /// <summary>Whether the last look at a server went well, and it was heard of lately.</summary>
    public bool IsInSight(UpstreamServer server) =>
        server.LastLook is { Failure: null } look && (IsFresh(look.At) || GaugesOf(server) is not null);

    public bool IsDrained(UpstreamServer server) => _drained.TryGetValue(server.Cluster, out _);

    /// <summary>Sends an upstream nothing new from now on; false where there is none of that name.</summary>
    public bool TryDrain(string upstream)
    {
        if (!lookup.TryGetCluster(upstream, out var cluster))
        {
            return false;
        }

        _drained.TryAdd(cluster, cluster.ClusterId);
        return true;
    }

    /// <summary>Takes it back into service, slowly; false where there is none of that name.</summary>
    public bool TryUndrain(string upstream)
    {
        if (!lookup.TryGetCluster(upstream, out var cluster))
        {
            return false;
        }

        if (_drained.Remove(cluster))
        {
            foreach (var server in All.Where(server => server.Cluster == cluster))
            {
                server.Breaker.WarmUp();
            }
        }

        return true;
    }

    private bool IsFresh(long timestamp) => clock.GetElapsedTime(timestamp) <= TimeSpan.FromSeconds(2 * Math.Max(1, health.Value.IntervalSeconds));

    /// <summary>Servers that join a running proxy get their share slowly: their caches are empty and their kernels cold.</summary>
    private UpstreamServer Create(ClusterState cluster, DestinationState destination)
    {
        var breaker = new Breaker(health.Value, clock);
        if (_hasFirst)
        {
            breaker.WarmUp();
        }

        return new UpstreamServer(cluster, destination, breaker);
    }
}
