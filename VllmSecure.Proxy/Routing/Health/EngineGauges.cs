namespace VllmSecure.Proxy.Routing.Health;

/// <summary>What the engine says about itself in <c>/metrics</c>, over all its data-parallel ranks.</summary>
/// <param name="Running">Requests that it works on.</param>
/// <param name="Waiting">Requests in its queue.</param>
/// <param name="CacheUsage">The fullest rank's share of the KV cache in use, 0 to 1.</param>
/// <param name="ReadAt">When it said so, as a <see cref="TimeProvider.GetTimestamp"/> value.</param>
/// <param name="OwnRequests">How many requests of this proxy it had when it was asked.</param>
/// <param name="GeneratedTokens">The tokens that it has made since it started.</param>
internal sealed record EngineGauges(double Running, double Waiting, double CacheUsage, long ReadAt, long OwnRequests = 0, double GeneratedTokens = 0);
