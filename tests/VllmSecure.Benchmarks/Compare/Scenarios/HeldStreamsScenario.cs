using VllmSecure.Benchmarks.Compare.Load;
using VllmSecure.Benchmarks.Compare.Report;
using VllmSecure.Benchmarks.Compare.Targets;

namespace VllmSecure.Benchmarks.Compare.Scenarios;

/// <summary>Memory of streams that are open and silent: the slope of the resident memory over their number.</summary>
internal sealed class HeldStreamsScenario(ComparePlan plan) : IScenario
{
    private const int OpenedAtOnce = 50;

    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(300);

    public string Name => "idle streams";

    public async Task MeasureAsync(Target target, Measurements measurements)
    {
        var streams = new List<HttpsConnection>();
        var points = new List<(double Streams, double Kibibytes)>();
        try
        {
            foreach (var count in plan.HeldStreams)
            {
                while (streams.Count < count)
                {
                    streams.AddRange(await Task.WhenAll(Enumerable.Range(0, Math.Min(OpenedAtOnce, count - streams.Count)).Select(_ => OpenAsync(target))));
                }

                await Clock.DelayAsync(Settle);
                points.Add((count, target.ResidentKibibytes()));
            }
        }
        finally
        {
            foreach (var stream in streams)
            {
                await stream.DisposeAsync();
            }
        }

        measurements.Add(target, Figures.StreamMemory, Slope(points));
    }

    private static async Task<HttpsConnection> OpenAsync(Target target)
    {
        var connection = await HttpsConnection.OpenAsync(target.Port);
        await connection.SendAsync(Prompts.Hold);
        return connection;
    }

    /// <summary>Of the straight line with the least squares.</summary>
    private static double Slope(List<(double X, double Y)> points)
    {
        var x = points.Average(point => point.X);
        var y = points.Average(point => point.Y);
        return points.Sum(point => (point.X - x) * (point.Y - y)) / points.Sum(point => (point.X - x) * (point.X - x));
    }
}
