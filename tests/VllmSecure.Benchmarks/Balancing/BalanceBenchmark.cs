using System.Globalization;

namespace VllmSecure.Benchmarks.Balancing;

/// <summary>The policies beside each other: the same seeded loads, one after the other, on fleets with empty caches. Prints the table of docs/operations/balancing.md.</summary>
internal static class BalanceBenchmark
{
    private static readonly string[] Policies = ["RoundRobin", "LeastLoad", "PrefixAffinity"];
    private static readonly int[] Fleets = [2, 4, 8];
    private static readonly ILoad[] Loads = [new MultiTurnLoad(), new SharedPromptLoad()];

    public static async Task<int> RunAsync(TextWriter output)
    {
        await output.WriteLineAsync("| load | servers | policy | first token, mean | first token, p99 | tokens/s | cache hits |");
        await output.WriteLineAsync("|---|---|---|---|---|---|---|");
        foreach (var load in Loads)
        {
            foreach (var servers in Fleets)
            {
                foreach (var policy in Policies)
                {
                    await output.WriteLineAsync(await RunAsync(load, servers, policy));
                }
            }
        }

        return 0;
    }

    private static async Task<string> RunAsync(ILoad load, int servers, string policy)
    {
        await using var fleet = await Fleet.StartAsync(servers, policy);
        await fleet.WarmUpAsync();
        var start = TimeProvider.System.GetTimestamp();
        var samples = (await load.RunAsync(fleet, servers)).ToArray();
        var seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        double[] waits = [.. samples.Select(sample => sample.FirstToken.TotalMilliseconds).Order()];
        var p99 = waits[(int)Math.Ceiling(waits.Length * 0.99) - 1];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {load.Name} | {servers} | {policy} | {waits.Average():0} ms | {p99:0} ms | {samples.Sum(sample => sample.Tokens) / seconds:0} | {fleet.CacheHitRate:P0} |");
    }
}
