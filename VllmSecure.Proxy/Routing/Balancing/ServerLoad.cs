namespace VllmSecure.Proxy.Routing.Balancing;

/// <summary>A server in the snapshot that a balancing decision is made on.</summary>
/// <param name="Weight">Its share beside the others', its slow start included; above 0.</param>
/// <param name="Tokens">The tokens of the requests of this proxy that it has not finished.</param>
internal readonly record struct ServerLoad(double Weight, long Tokens)
{
    /// <summary>Requests in the engine, running or waiting, that this proxy had not sent when it was asked.</summary>
    public double ForeignRequests { get; init; }

    /// <summary>Its KV cache in use, 0 to 1.</summary>
    public double CacheUsage { get; init; }

    /// <summary>Tokens of this request's prompt that it probably has in its cache.</summary>
    public long CachedTokens { get; init; }
}
