using VllmSecure.Benchmarks.Compare.Load;
using VllmSecure.Benchmarks.Compare.Report;
using VllmSecure.Benchmarks.Compare.Targets;

namespace VllmSecure.Benchmarks.Compare.Scenarios;

/// <summary>As much as goes through with 32 connections, and what a request then costs.</summary>
internal sealed class SaturationScenario(ComparePlan plan) : IScenario
{
    public string Name => "c=32";

    public async Task MeasureAsync(Target target, Measurements measurements)
    {
        var cpu = target.CpuMicroseconds();
        var load = await ClosedLoop.RunAsync(target.Port, 32, Prompts.Say, plan.Saturation);
        measurements.Add(target, Figures.Cpu, (target.CpuMicroseconds() - cpu) / load.Latencies.Count);
        measurements.Add(target, Figures.RequestsPerSecond, load.PerSecond);
        measurements.Add(target, Figures.WarmP50, Quantiles.Median(load.Latencies));
    }
}
