using VllmSecure.Proxy.Routing.Balancing;

namespace VllmSecure.Proxy.Routing;

/// <summary><c>Routing</c>: connections to the upstreams, and which of them gets a request.</summary>
internal sealed class RoutingOptions
{
    public const string Section = "Routing";

    /// <summary>
    /// Seconds that an idle connection to an upstream is kept for the next request. vLLM closes its side after 5 s
    /// (VLLM_HTTP_TIMEOUT_KEEP_ALIVE); a request sent in that moment is lost. SocketsHttpHandler looks once a second.
    /// </summary>
    public int PooledConnectionIdleSeconds { get; set; } = 3;

    /// <summary>Seconds after which names of upstreams are looked up again, to find servers that came or went.</summary>
    public int DnsRefreshSeconds { get; set; } = 30;

    /// <summary>How a server is chosen: <c>LeastLoad</c>, <c>PrefixAffinity</c>, or one of YARP's policies.</summary>
    public string Policy { get; set; } = BalancingPolicies.PrefixAffinity;

    /// <summary>A request header whose value keeps requests on one server; null: none.</summary>
    public string? StickyHeader { get; set; }

    /// <summary>How many servers a request is sent to at the most, while none has begun to answer.</summary>
    public int MaxTries { get; set; } = 3;

    /// <summary>Other names of models: <c>Routing:Aliases:gpt-4o=qwen3</c>.</summary>
    public Dictionary<string, string> Aliases { get; } = new(StringComparer.Ordinal);

    /// <summary>The model of requests that name none; null: vLLM's own.</summary>
    public string? DefaultModel { get; set; }

    /// <summary>The models to ask in place of one that no server can serve now: <c>Routing:Fallbacks:qwen3:0=qwen2</c>.</summary>
    public Dictionary<string, string[]> Fallbacks { get; } = new(StringComparer.Ordinal);
}
