namespace VllmSecure.Simulator.Engine;

/// <summary>Inter-token latencies of one request: normally distributed, reproducible, at least 30 % of the mean.</summary>
internal sealed class LatencySource(SimulatorOptions options, GenerationPlan plan)
{
    private SeededRandom _random = new(StableHash.Add(StableHash.Add(StableHash.Start, options.Seed), plan.PromptTokens));

    public TimeSpan Next()
    {
        var mean = options.InterTokenLatency;
        var deviation = options.InterTokenLatencyDeviation;
        if (deviation <= TimeSpan.Zero)
        {
            return mean;
        }

        var sample = mean + (deviation * _random.NextNormal());
        // Clamped on both sides alike, which leaves the mean where it is.
        return TimeSpan.FromTicks(Math.Clamp(sample.Ticks, mean.Ticks * 3 / 10, mean.Ticks * 17 / 10));
    }
}
