using VllmSecure.Benchmarks.Compare.Report;
using VllmSecure.Benchmarks.Compare.Targets;

namespace VllmSecure.Benchmarks.Compare.Scenarios;

/// <summary>One kind of load, and the figures that it brings.</summary>
internal interface IScenario
{
    string Name { get; }

    Task MeasureAsync(Target target, Measurements measurements);
}
