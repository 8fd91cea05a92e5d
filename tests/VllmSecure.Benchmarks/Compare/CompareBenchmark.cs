using System.Globalization;
using VllmSecure.Benchmarks.Compare.Report;
using VllmSecure.Benchmarks.Compare.Scenarios;
using VllmSecure.Benchmarks.Compare.Targets;

namespace VllmSecure.Benchmarks.Compare;

/// <summary>The proxy beside bare YARP and the proxies that people use, in one run: <c>docs/performance.md</c> has the method.</summary>
internal static class CompareBenchmark
{
    public static async Task<int> RunAsync(string[] args)
    {
        if (CompareOptions.Parse(args.AsSpan(1)) is not { } options)
        {
            await Console.Error.WriteLineAsync($"Usage: {CompareOptions.Usage}");
            return 2;
        }

        if (!OperatingSystem.IsLinux())
        {
            await Console.Error.WriteLineAsync("compare reads /proc, so it runs on Linux only.");
            return 2;
        }

        if (Pinning.IsPossible && !Pinning.IsPinned)
        {
            return await Pinning.RunSelfAsync(args);
        }

        var folder = Directory.CreateTempSubdirectory("vllm-secure-compare-");
        try
        {
            await RunAsync(options, folder.FullName);
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task RunAsync(CompareOptions options, string folder)
    {
        var plan = options.Quick ? ComparePlan.Quick : ComparePlan.Full;
        var progress = new Progress(Console.Error);
        if (!Pinning.IsPossible)
        {
            await Console.Out.WriteLineAsync("There are no two cores, or no taskset: client and proxy disturb one another.\n");
        }

        progress.Say("publish");
        var proxy = options.Proxy ?? (options.Quick ? PublishedProxy.NotPublished : await PublishedProxy.PublishAsync(folder));
        var measurements = new Measurements();
        using var bench = await Bench.StartAsync(folder, proxy, options.Only);
        foreach (var missing in bench.Missing)
        {
            await Console.Out.WriteLineAsync($"{missing} is not installed, so it is missing here.\n");
        }

        await MeasureAsync(plan, bench.Targets, measurements, progress);
        progress.End();
        var goals = Goals.Of(measurements);
        await Console.Out.WriteLineAsync(FigureTable.Format(measurements, bench.Targets));
        await Console.Out.WriteLineAsync(Goals.Format(goals));
        if (options.Json is { } file)
        {
            await JsonReport.WriteAsync(file, measurements, bench.Targets, goals);
        }
    }

    private static async Task MeasureAsync(ComparePlan plan, IReadOnlyList<Target> targets, Measurements measurements, Progress progress)
    {
        await EachAsync("starts", new StartScenario(plan));
        if (plan.WarmUp > TimeSpan.Zero)
        {
            await EachAsync("warms up", new WarmUpScenario(plan));
        }

        IScenario[] round =
        [
            new SequentialScenario(plan),
            new SaturationScenario(plan),
            .. plan.Rates.Select(share => new FixedRateScenario(plan, share)),
            new ChunkScenario(plan),
            new FirstTokenScenario(plan),
            new HandshakeScenario(plan, resume: false, Figures.FullHandshake),
            new HandshakeScenario(plan, resume: true, Figures.ResumedHandshake),
        ];
        for (var i = 1; i <= plan.Rounds; i++)
        {
            await EachAsync(string.Create(CultureInfo.InvariantCulture, $"round {i} of {plan.Rounds}"), round);
        }

        await EachAsync("sizes", new LargeBodiesScenario(plan), new HeldStreamsScenario(plan));
        progress.Say("silences, all targets at once");
        await new IdleGapRun(plan).MeasureAsync([.. targets.Where(target => !target.IsDirect)], measurements);

        async Task EachAsync(string step, params IScenario[] scenarios)
        {
            // Scenario by scenario, so that what is compared was measured within seconds.
            foreach (var scenario in scenarios)
            {
                foreach (var target in targets)
                {
                    progress.Say($"{step}: {scenario.Name}, {target.Title}");
                    await scenario.MeasureAsync(target, measurements);
                }
            }
        }
    }
}
