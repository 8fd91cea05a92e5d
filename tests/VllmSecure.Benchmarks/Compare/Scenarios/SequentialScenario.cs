using VllmSecure.Benchmarks.Compare.Load;
using VllmSecure.Benchmarks.Compare.Report;
using VllmSecure.Benchmarks.Compare.Targets;

namespace VllmSecure.Benchmarks.Compare.Scenarios;

/// <summary>One request after another on one connection: the time that a target adds while nothing waits.</summary>
internal sealed class SequentialScenario(ComparePlan plan) : IScenario
{
    public string Name => "c=1";

    public async Task MeasureAsync(Target target, Measurements measurements)
    {
        var cpu = target.CpuMicroseconds();
        var load = await ClosedLoop.RunAsync(target.Port, 1, Prompts.Say, plan.Sequential);
        measurements.Add(target, Figures.SequentialCpu, (target.CpuMicroseconds() - cpu) / load.Latencies.Count);
        measurements.Add(target, Figures.P50, Quantiles.Median(load.Latencies));
        measurements.Add(target, Figures.P99, Quantiles.Of(load.Latencies, 0.99));
    }
}
