using VllmSecure.Benchmarks.Compare.Load;
using VllmSecure.Benchmarks.Compare.Report;
using VllmSecure.Benchmarks.Compare.Targets;

namespace VllmSecure.Benchmarks.Compare.Scenarios;

/// <summary>Latency at a share of the target's own maximum; a closed loop hides what waits.</summary>
internal sealed class FixedRateScenario(ComparePlan plan, double share) : IScenario
{
    public string Name => $"{share:P0} of its maximum";

    public async Task MeasureAsync(Target target, Measurements measurements)
    {
        var rate = share * measurements.Median(target.Id, Figures.RequestsPerSecond);
        var load = await OpenLoop.RunAsync(target.Port, rate, Prompts.Say, plan.Rate);
        var (p50, p99) = Figures.OfRate(share);
        measurements.Add(target, p50, Quantiles.Median(load.Latencies));
        measurements.Add(target, p99, Quantiles.Of(load.Latencies, 0.99));
    }
}
