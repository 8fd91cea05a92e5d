using System.Globalization;
using System.Text;

namespace VllmSecure.Benchmarks.Compare.Report;

/// <summary>The goals of the proxy with everything on, traces included.</summary>
internal static class Goals
{
    private const string Proxy = "proxy";
    private const string Caddy = "caddy";
    private const string Nginx = "nginx";
    private const string Yarp = "yarp";
    private const string Direct = "direct";

    /// <summary>The goals whose figures were measured.</summary>
    public static IReadOnlyList<Goal> Of(Measurements measurements)
    {
        Goal[] all =
        [
            new("p50 at c=1 / Caddy's", Ratio(Figures.P50, Caddy), 1, null),
            new("p50 at c=1 − bare YARP's, µs", Value(Figures.P50) - Value(Figures.P50, Yarp), null, 30),
            new("CPU a request at c=32 / Caddy's", Ratio(Figures.Cpu, Caddy), 0.75, 0.6),
            new("CPU a request at c=32 / bare YARP's", Ratio(Figures.Cpu, Yarp), 1.4, 1.15),
            new("delay of a chunk, p50 / Caddy's", Ratio(Figures.ChunkP50, Caddy), 1.1, null),
            new("delay of a chunk, p99 / Caddy's", Ratio(Figures.ChunkP99, Caddy), 1.5, 1),
            new("delay of a chunk, p50 / nginx's", Ratio(Figures.ChunkP50, Nginx), null, 1),
            new("CPU of a chunk / bare YARP's", Ratio(Figures.ChunkCpu, Yarp), 1.1, 1.1),
            new("first token − direct, ms", (Value(Figures.FirstToken) - Value(Figures.FirstToken, Direct)) / 1000, 0.5, 0.2),
            new("memory of an idle stream, KiB", Value(Figures.StreamMemory), 64, 40),
            new("CPU of a full handshake / nginx's", Ratio(Figures.FullHandshake, Nginx), 1.5, 1.2),
            new("first request, ms", Value(Figures.FirstRequest), 50, 20),
            new("p50 at c=32, 2 s after the start / warm", Value(Figures.ColdP50) / Value(Figures.WarmP50), 2, 2),
            new("start to first answer, ms", Value(Figures.StartToAnswer), 1000, 1000),
            new("requests that fail after a silence", Value(Figures.Failures), 0, 0),
        ];
        return [.. all.Where(goal => double.IsFinite(goal.Value))];

        double Value(Figure figure, string target = Proxy) => measurements.Median(target, figure);

        double Ratio(Figure figure, string other) => Value(figure) / Value(figure, other);
    }

    public static string Format(IReadOnlyList<Goal> goals)
    {
        var text = new StringBuilder("| goal | measured | must | stretch | met |\n|---|---:|---:|---:|---|\n");
        foreach (var goal in goals)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {goal.Title} | {goal.Value:0.##} | {Limit(goal.Must)} | {Limit(goal.Stretch)} | {goal.Verdict} |");
        }

        return text.ToString();
    }

    private static string Limit(double? limit) => limit is { } value ? "≤ " + value.ToString("0.##", CultureInfo.InvariantCulture) : "–";
}
