using VllmSecure.Proxy.Routing.Health;

namespace VllmSecure.Proxy.Routing.Admission;

/// <summary>How many more requests an engine can do with, by what it said of itself and what was sent since.</summary>
internal static class EngineRoom
{
    /// <summary>
    /// What an engine without a queue gets between two readings. It does not say how many it can run, so it is asked again
    /// before it gets more: that takes milliseconds, and with nothing waiting it soon has it all (see <see cref="EngineWatch"/>).
    /// </summary>
    public const int Burst = 64;

    /// <summary>The room; 0 or less: full. Without figures nothing is held back: not knowing must not become an outage.</summary>
    /// <param name="gauges">What the engine said; null: not known, or too old.</param>
    /// <param name="requests">Requests of this proxy that it has now.</param>
    /// <param name="options">The thresholds.</param>
    public static double Of(EngineGauges? gauges, long requests, AdmissionOptions options)
    {
        if (gauges is null)
        {
            return double.PositiveInfinity;
        }

        // An idle engine has nothing to wait for, whatever its other figures say.
        if (gauges is { Running: 0, Waiting: 0, OwnRequests: 0 } && requests == 0)
        {
            return options.MaxEngineQueue + Burst;
        }

        var since = requests - gauges.OwnRequests;
        if (gauges.CacheUsage >= options.MaxCacheUsage)
        {
            return -since; // One in for one out: more would push others out of the cache, and their work is done twice.
        }

        var free = gauges.Waiting > 0 ? 0 : Math.Max(Burst, gauges.Running);
        return options.MaxEngineQueue + free - gauges.Waiting - since;
    }
}
