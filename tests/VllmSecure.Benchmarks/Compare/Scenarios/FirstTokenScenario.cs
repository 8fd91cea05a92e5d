using VllmSecure.Benchmarks.Compare.Load;
using VllmSecure.Benchmarks.Compare.Report;
using VllmSecure.Benchmarks.Compare.Targets;

namespace VllmSecure.Benchmarks.Compare.Scenarios;

/// <summary>The time to the first chunk of a stream whose upstream does not think.</summary>
internal sealed class FirstTokenScenario(ComparePlan plan) : IScenario
{
    public string Name => "first token";

    public async Task MeasureAsync(Target target, Measurements measurements)
    {
        var request = Prompts.Stream(1, TimeSpan.Zero);
        var buffer = new byte[16 * 1024];
        var times = new List<double>();
        await using var connection = await ChunkReader.ConnectAsync(target.Port);
        for (var i = 0; i < plan.FirstTokens; i++)
        {
            var sent = Clock.Now;
            await connection.SendAsync(request);
            await connection.ReadBodyAsync(buffer);
            times.Add(Clock.MicrosecondsSince(sent));
            while (await connection.ReadBodyAsync(buffer) > 0)
            {
            }
        }

        measurements.Add(target, Figures.FirstToken, Quantiles.Median(times));
    }
}
