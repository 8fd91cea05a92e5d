using VllmSecure.Benchmarks.Compare.Load;
using VllmSecure.Benchmarks.Compare.Report;
using VllmSecure.Benchmarks.Compare.Targets;

namespace VllmSecure.Benchmarks.Compare.Scenarios;

/// <summary>Load that is not measured: the client has code to compile as well.</summary>
internal sealed class WarmUpScenario(ComparePlan plan) : IScenario
{
    public string Name => "warm-up";

    public async Task MeasureAsync(Target target, Measurements measurements)
    {
        await ClosedLoop.RunAsync(target.Port, 32, Prompts.Say, plan.WarmUp);
        await StreamLoad.RunAsync(target.Port, 50, TimeSpan.FromMilliseconds(5), plan.WarmUp / 5);
    }
}
