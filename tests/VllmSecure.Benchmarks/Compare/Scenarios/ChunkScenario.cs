using VllmSecure.Benchmarks.Compare.Load;
using VllmSecure.Benchmarks.Compare.Report;
using VllmSecure.Benchmarks.Compare.Targets;

namespace VllmSecure.Benchmarks.Compare.Scenarios;

/// <summary>Fifty streams of fifty tokens a second: how late a chunk comes, and whether chunks stay apart.</summary>
internal sealed class ChunkScenario(ComparePlan plan) : IScenario
{
    private const int Streams = 50;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    public string Name => "streams";

    public async Task MeasureAsync(Target target, Measurements measurements)
    {
        var cpu = target.CpuMicroseconds();
        var streams = await StreamLoad.RunAsync(target.Port, Streams, Interval, plan.Chunks);
        var used = target.CpuMicroseconds() - cpu;
        var delays = streams.SelectMany(stream => stream.Delays.Skip(1)).ToArray(); // The first waits for the request.
        measurements.Add(target, Figures.ChunkP50, Quantiles.Median(delays));
        measurements.Add(target, Figures.ChunkP99, Quantiles.Of(delays, 0.99));
        measurements.Add(target, Figures.Merged, 100.0 * streams.Sum(stream => stream.Merged) / delays.Length);
        measurements.Add(target, Figures.ChunkCpu, used / delays.Length);
    }
}
