namespace VllmSecure.Proxy.Routing.Balancing;

/// <summary>A server in the snapshot that a balancing decision is made on.</summary>
/// <param name="Weight">Its share beside the others', its slow start included; above 0.</param>
/// <param name="Requests">Requests of this proxy that it has not finished.</param>
/// <param name="Tokens">The tokens of these requests.</param>
internal readonly record struct ServerLoad(double Weight, long Requests, long Tokens)
{
    /// <summary>Requests in the engine, running or waiting, as it said itself; null: not known.</summary>
    public double? EngineRequests { get; init; }

    /// <summary>Its KV cache in use, 0 to 1.</summary>
    public double CacheUsage { get; init; }

    /// <summary>Tokens of this request's prompt that it probably has in its cache.</summary>
    public long CachedTokens { get; init; }
}
