using VllmSecure.Benchmarks.Compare.Load;
using VllmSecure.Benchmarks.Compare.Report;
using VllmSecure.Benchmarks.Compare.Targets;

namespace VllmSecure.Benchmarks.Compare.Scenarios;

/// <summary>A start: how long until the first answer, what the first request takes, and how fast it is two seconds later. It leaves the target running.</summary>
internal sealed class StartScenario(ComparePlan plan) : IScenario
{
    private const int Connections = 32;

    private static readonly TimeSpan Cold = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(0.5);

    public string Name => "start";

    public async Task MeasureAsync(Target target, Measurements measurements)
    {
        if (target.IsDirect)
        {
            await ClosedLoop.RunAsync(target.Port, Connections, Prompts.Say, Cold);
            return;
        }

        for (var i = 0; i < plan.Starts; i++)
        {
            var start = await target.StartAsync();
            var sent = Clock.Now;
            await using (var connection = await HttpsConnection.OpenAsync(target.Port))
            {
                await connection.AskAsync(Prompts.Say);
            }

            measurements.Add(target, Figures.FirstRequest, Clock.Since(sent).TotalMilliseconds);
            measurements.Add(target, Figures.StartToAnswer, Clock.Since(start).TotalMilliseconds);
        }

        await ClosedLoop.RunAsync(target.Port, Connections, Prompts.Say, Cold);
        var load = await ClosedLoop.RunAsync(target.Port, Connections, Prompts.Say, Window);
        measurements.Add(target, Figures.ColdP50, Quantiles.Median(load.Latencies));
    }
}
