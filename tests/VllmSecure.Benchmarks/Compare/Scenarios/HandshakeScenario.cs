using VllmSecure.Benchmarks.Compare.Load;
using VllmSecure.Benchmarks.Compare.Report;
using VllmSecure.Benchmarks.Compare.Targets;

namespace VllmSecure.Benchmarks.Compare.Scenarios;

/// <summary>
/// A new connection with one request, again and again, less what a request costs without one, measured in the moment before. The
/// request is there because a client learns the ticket for its next handshake with the first answer.
/// </summary>
internal sealed class HandshakeScenario(ComparePlan plan, bool resume, Figure figure) : IScenario
{
    public string Name => resume ? "resumed handshakes" : "handshakes";

    public async Task MeasureAsync(Target target, Measurements measurements)
    {
        var before = target.CpuMicroseconds();
        var requests = await ClosedLoop.RunAsync(target.Port, 1, Prompts.Say, plan.Handshakes / 2); // Brings the first ticket as well.
        var request = (target.CpuMicroseconds() - before) / requests.Latencies.Count;

        var count = 0;
        before = target.CpuMicroseconds();
        for (var start = Clock.Now; Clock.Since(start) < plan.Handshakes; count++)
        {
            await ConnectAsync(target);
        }

        measurements.Add(target, figure, ((target.CpuMicroseconds() - before) / count) - request);
    }

    private async Task ConnectAsync(Target target)
    {
        await using var connection = await HttpsConnection.OpenAsync(target.Port, resume);
        await connection.AskAsync(Prompts.Say);
    }
}
