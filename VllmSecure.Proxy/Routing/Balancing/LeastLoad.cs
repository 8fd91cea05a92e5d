namespace VllmSecure.Proxy.Routing.Balancing;

/// <summary>
/// Chooses the server where a request adds to the least work. Work is tokens: those under way here, those that others have
/// put into the engine, and those of the request itself, but for what the engine has in its cache. So prefix affinity needs
/// no rule of its own against hot spots: a cache attracts by exactly the work that it saves.
/// </summary>
internal static class LeastLoad
{
    /// <summary>What a request counts that this proxy did not send, of which nothing is known but its number.</summary>
    private const double ForeignRequestTokens = 512;

    /// <summary>The cache usage from which on a newcomer may push others out (preemption, and their prefill again).</summary>
    private const double CacheComfort = 0.9;

    /// <summary>How much dearer work is on a server whose cache is full: an engine that preempts does much of it twice.</summary>
    private const double PreemptionCost = 2;

    /// <summary>The index of the server of least cost.</summary>
    /// <param name="servers">The snapshot; not empty.</param>
    /// <param name="tokens">The request's own work.</param>
    /// <param name="tie">From 0 to below 1: which one of several equal servers.</param>
    public static int Choose(ReadOnlySpan<ServerLoad> servers, long tokens, double tie)
    {
        Span<int> best = servers.Length <= 64 ? stackalloc int[servers.Length] : new int[servers.Length];
        var count = 0;
        var least = double.PositiveInfinity;
        for (var i = 0; i < servers.Length; i++)
        {
            var cost = CostOf(servers[i], tokens);
            if (cost < least)
            {
                (least, count) = (cost, 0);
            }

            if (cost <= least)
            {
                best[count++] = i;
            }
        }

        return count == 0 ? 0 : best[Math.Min((int)(tie * count), count - 1)];
    }

    /// <summary>What is left of a request's work by the engine's cache.</summary>
    public static long WorkOf(in ServerLoad server, long tokens) => Math.Max(1, tokens - server.CachedTokens);

    /// <summary>The work of a server with this request on top, in tokens for each unit of weight.</summary>
    public static double CostOf(in ServerLoad server, long tokens)
    {
        var foreign = server.ForeignRequests * ForeignRequestTokens;
        var pressure = 1 + (Math.Clamp((server.CacheUsage - CacheComfort) / (1 - CacheComfort), 0, 1) * (PreemptionCost - 1));
        return (server.Tokens + foreign + WorkOf(server, tokens)) * pressure / server.Weight;
    }
}
