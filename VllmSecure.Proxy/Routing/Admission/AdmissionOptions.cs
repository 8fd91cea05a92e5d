namespace VllmSecure.Proxy.Routing.Admission;

/// <summary><c>Admission</c>: what is held back before an engine is overrun, and served in turns of keys.</summary>
internal sealed class AdmissionOptions
{
    public const string Section = "Admission";

    /// <summary>Whether requests wait in the proxy while every engine that may serve them is full.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Requests in an engine's own queue (<c>vllm:num_requests_waiting</c>) beyond which it gets no more: enough to keep it busy.</summary>
    public int MaxEngineQueue { get; set; } = 5;

    /// <summary>Share of an engine's KV cache in use (<c>vllm:kv_cache_usage_perc</c>, 0 to 1) from which on it gets only as many as have ended.</summary>
    public double MaxCacheUsage { get; set; } = 0.95;

    /// <summary>Requests that may wait in the proxy, of all keys together; further ones are answered 429.</summary>
    public int MaxQueued { get; set; } = 512;

    /// <summary>Requests of one key that may wait.</summary>
    public int MaxQueuedPerKey { get; set; } = 64;

    /// <summary>Seconds after which a request that still waits is answered 429.</summary>
    public int MaxWaitSeconds { get; set; } = 30;
}
