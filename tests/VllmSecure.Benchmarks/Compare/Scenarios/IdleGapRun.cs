using VllmSecure.Benchmarks.Compare.Load;
using VllmSecure.Benchmarks.Compare.Report;
using VllmSecure.Benchmarks.Compare.Targets;

namespace VllmSecure.Benchmarks.Compare.Scenarios;

/// <summary>
/// Requests after silences of 5 to 6 s, when the upstream is about to close its idle connections. The upstream takes its time for
/// each, so that many connections to it are open and fall idle together. All targets at once, each in a time slot of its own:
/// what counts is failures, not time.
/// </summary>
internal sealed class IdleGapRun(ComparePlan plan)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5.5);
    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(0.5);
    private static readonly ReadOnlyMemory<byte> Request = Prompts.Wait(TimeSpan.FromMilliseconds(50));

    public async Task MeasureAsync(IReadOnlyList<Target> targets, Measurements measurements)
    {
        var connections = new List<HttpsConnection[]>();
        foreach (var target in targets)
        {
            connections.Add(await ConnectAsync(target));
        }

        await Task.WhenAll(targets.Select(async (target, i) =>
        {
            await Clock.DelayAsync(Period * i / targets.Count);
            var failures = await Task.WhenAll(connections[i].Select((connection, j) => AskAsync(target, connection, j)));
            measurements.Add(target, Figures.Failures, failures.Sum());
            measurements.Add(target, Figures.IdleRequests, plan.IdleConnections * plan.IdleGaps);
        }));
    }

    private async Task<HttpsConnection[]> ConnectAsync(Target target)
    {
        var connections = new HttpsConnection[plan.IdleConnections];
        for (var i = 0; i < connections.Length; i++)
        {
            connections[i] = await HttpsConnection.OpenAsync(target.Port);
        }

        return connections;
    }

    private async Task<int> AskAsync(Target target, HttpsConnection connection, int number)
    {
#pragma warning disable CA5394 // Repeatable, not secret.
        var random = new Random(number);
#pragma warning restore CA5394
        var failures = 0;
        var start = Clock.Now;
        for (var i = 0; i <= plan.IdleGaps; i++)
        {
            var wait = (Period * i) + (Spread * random.NextDouble()) - Clock.Since(start);
            await Clock.DelayAsync(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
            try
            {
                await connection.AskAsync(Request);
            }
            catch (Exception exception) when (exception is IOException or HttpRequestException)
            {
                failures += i == 0 ? 0 : 1; // Before the first there was no silence.
                await connection.DisposeAsync();
                connection = await HttpsConnection.OpenAsync(target.Port);
            }
        }

        await connection.DisposeAsync();
        return failures;
    }
}
