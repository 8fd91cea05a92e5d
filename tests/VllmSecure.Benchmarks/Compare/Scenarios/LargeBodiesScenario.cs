using VllmSecure.Benchmarks.Compare.Load;
using VllmSecure.Benchmarks.Compare.Report;
using VllmSecure.Benchmarks.Compare.Targets;

namespace VllmSecure.Benchmarks.Compare.Scenarios;

/// <summary>A long prompt, a long answer, and one event as large as a stream's can be.</summary>
internal sealed class LargeBodiesScenario(ComparePlan plan) : IScenario
{
    public string Name => "large bodies";

    public async Task MeasureAsync(Target target, Measurements measurements)
    {
        await using var connection = await ChunkReader.ConnectAsync(target.Port);
        for (var i = 0; i < plan.LargeBodies; i++)
        {
            measurements.Add(target, Figures.LargeRequest, await AskAsync(connection, Prompts.LargeRequest));
            measurements.Add(target, Figures.LargeAnswer, await AskAsync(connection, Prompts.LargeAnswer));
            measurements.Add(target, Figures.LargeFrame, await AskAsync(connection, Prompts.Frame));
        }
    }

    private static async Task<double> AskAsync(HttpsConnection connection, ReadOnlyMemory<byte> request)
    {
        var sent = Clock.Now;
        await connection.AskAsync(request);
        return Clock.Since(sent).TotalMilliseconds;
    }
}
