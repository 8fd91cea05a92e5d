namespace VllmSecure.Proxy.Routing;

/// <summary><c>Routing</c>: connections to the upstreams.</summary>
internal sealed class RoutingOptions
{
    public const string Section = "Routing";

    /// <summary>
    /// Seconds that an idle connection to an upstream is kept for the next request. vLLM closes its side after 5 s
    /// (VLLM_HTTP_TIMEOUT_KEEP_ALIVE); a request sent in that moment is lost. SocketsHttpHandler looks once a second.
    /// </summary>
    public int PooledConnectionIdleSeconds { get; set; } = 3;
}
