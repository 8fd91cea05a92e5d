using VllmSecure.Benchmarks.Compare.Load;
using VllmSecure.Benchmarks.Compare.Report;
using VllmSecure.Benchmarks.Compare.Targets;

namespace VllmSecure.Benchmarks.Compare.Scenarios;

/// <summary>
/// A new connection with one request, again and again, less what the request costs. The request is there because a client
/// learns the ticket for its next handshake with the first answer.
/// </summary>
internal sealed class HandshakeScenario(ComparePlan plan, bool resume, Figure figure) : IScenario
{
    public string Name => resume ? "resumed handshakes" : "handshakes";

    public async Task MeasureAsync(Target target, Measurements measurements)
    {
        await ConnectAsync(target); // Gets the first ticket.
        var count = 0;
        var cpu = target.CpuMicroseconds();
        for (var start = Clock.Now; Clock.Since(start) < plan.Handshakes; count++)
        {
            await ConnectAsync(target);
        }

        var used = (target.CpuMicroseconds() - cpu) / count;
        measurements.Add(target, figure, used - measurements.Median(target.Id, Figures.SequentialCpu));
    }

    private async Task ConnectAsync(Target target)
    {
        await using var connection = await HttpsConnection.OpenAsync(target.Port, resume);
        await connection.AskAsync(Prompts.Say);
    }
}
