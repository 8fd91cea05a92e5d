namespace VllmSecure.Proxy.Telemetry;

/// <summary>Names of the instruments that tell of the servers behind the proxy. As with all names: never changed, only added.</summary>
internal static class UpstreamMetricNames
{
    /// <summary>1 where the server gets requests, 0 where it is down or drained.</summary>
    public const string Available = "vllm_secure.upstream.available";

    /// <summary>Requests of this proxy that the server has not finished.</summary>
    public const string Requests = "vllm_secure.upstream.requests";

    /// <summary>Requests that the engine works on (vLLM's <c>vllm:num_requests_running</c>).</summary>
    public const string EngineRunning = "vllm_secure.engine.requests.running";

    /// <summary>Requests in the engine's queue (vLLM's <c>vllm:num_requests_waiting</c>).</summary>
    public const string EngineWaiting = "vllm_secure.engine.requests.waiting";

    /// <summary>The engine's KV cache in use, 0 to 1 (vLLM's <c>vllm:kv_cache_usage_perc</c>).</summary>
    public const string EngineCacheUsage = "vllm_secure.engine.cache.usage";
}
