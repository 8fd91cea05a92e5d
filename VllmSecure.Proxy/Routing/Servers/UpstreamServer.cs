using VllmSecure.Proxy.Routing.Balancing;
using VllmSecure.Proxy.Routing.Health;
using Yarp.ReverseProxy.Model;

namespace VllmSecure.Proxy.Routing.Servers;

/// <summary>What the proxy knows about one vLLM server. It lives as long as YARP's destination keeps its address, whatever changes elsewhere.</summary>
internal sealed class UpstreamServer(ClusterState cluster, DestinationState destination, Breaker breaker)
{
    private long _requests;
    private long _tokens;
    private volatile IReadOnlyList<string>? _models;
    private volatile EngineGauges? _gauges;
    private volatile ServerLook? _lastLook;

    public ClusterState Cluster => cluster;

    public DestinationState Destination => destination;

    /// <summary>The name of its upstream in the configuration.</summary>
    public string Upstream => cluster.ClusterId;

    /// <summary>The upstream's name, with the address where it has several.</summary>
    public string Name => destination.DestinationId;

    public Breaker Breaker => breaker;

    /// <summary>The models that it listed last; null: it has not been asked, or has not answered, so far.</summary>
    public IReadOnlyList<string>? Models
    {
        get => _models;
        set => _models = value;
    }

    /// <summary>The engine's own figures; null: not known.</summary>
    public EngineGauges? Gauges
    {
        get => _gauges;
        set => _gauges = value;
    }

    /// <summary>The last look at it; null: there was none so far.</summary>
    public ServerLook? LastLook
    {
        get => _lastLook;
        set => _lastLook = value;
    }

    /// <summary>The prompts that it has seen lately.</summary>
    public PrefixIndex Prefixes { get; } = new();

    /// <summary>Requests of this proxy that it has not finished.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Tokens, read and to be written, of these requests.</summary>
    public long Tokens => Interlocked.Read(ref _tokens);

    /// <summary>Counts a request in until the lease is disposed of.</summary>
    public ServerLease Enter(long tokens)
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Add(ref _tokens, tokens);
        return new ServerLease(this, tokens, breaker.Enter());
    }

    internal void Leave(long tokens)
    {
        Interlocked.Decrement(ref _requests);
        Interlocked.Add(ref _tokens, -tokens);
    }
}
