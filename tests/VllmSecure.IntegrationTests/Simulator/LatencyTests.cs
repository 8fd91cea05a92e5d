using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests.Simulator;

public class LatencyTests
{
    private const string Path = "/v1/chat/completions";

    [Fact]
    public async Task Latencies_Set_AreWaitedOncePerTokenAndRecorded()
    {
        var time = new ImmediateTime();
        await using var client = await StartAsync(time);
        await client.PostOkAsync(Path, SimulatorClient.Chat("one two three"));
        // 200 ms and three tokens of 5 ms; then five times 20 ms between six tokens.
        Assert.Equal([215, 20, 20, 20, 20, 20], time.Waits.Select(wait => (int)wait.TotalMilliseconds));
        Assert.Equal(TimeSpan.FromMilliseconds(215), client.Vllm.Journal.Requests[0].TimeToFirstToken);
    }

    [Fact]
    public async Task Latencies_None_UseNoTimer()
    {
        var time = new ImmediateTime();
        await using var client = await SimulatorClient.StartAsync(new SimulatorOptions { Models = ["m"], TimeProvider = time });
        await client.PostOkAsync(Path, SimulatorClient.Chat("x"));
        Assert.Empty(time.Waits);
    }

    [Fact]
    public async Task Deviation_Set_SpreadsAroundTheMeanAlikeEachTime()
    {
        var time = new ImmediateTime();
        await using var client = await StartAsync(time);
        client.Vllm.Options.InterTokenLatencyDeviation = TimeSpan.FromMilliseconds(5);
        await client.PostOkAsync(Path, SimulatorClient.Chat("x", "\"ignore_eos\":true,\"max_tokens\":401"));
        var first = time.Waits.Skip(1).Select(wait => wait.TotalMilliseconds).ToList();
        Assert.Equal(400, first.Count);
        Assert.InRange(first.Average(), 19, 21);
        Assert.All(first, wait => Assert.InRange(wait, 5, 35));
        Assert.True(first.Distinct().Count() > 15);

        await client.PostOkAsync(Path, SimulatorClient.Chat("x", "\"ignore_eos\":true,\"max_tokens\":401"));
        Assert.Equal(first, time.Waits.Skip(402).Select(wait => wait.TotalMilliseconds));
    }

    [Fact]
    public async Task Latencies_RealTime_AreAtLeastWhatWasAsked()
    {
        var options = SimulatorClient.Options();
        (options.TimeToFirstToken, options.InterTokenLatency) = (TimeSpan.FromMilliseconds(40), TimeSpan.FromMilliseconds(10));
        await using var client = await SimulatorClient.StartAsync(options);
        var started = TimeProvider.System.GetTimestamp();
        await client.StreamAsync(Path, SimulatorClient.Chat("x", "\"stream\":true"));
        // The runtime's timers count on a coarser clock than this one: early by its resolution is not early.
        Assert.True(TimeProvider.System.GetElapsedTime(started) >= TimeSpan.FromMilliseconds(80));
    }

    private static Task<SimulatorClient> StartAsync(ImmediateTime time)
    {
        var options = SimulatorClient.Options();
        options.TimeToFirstToken = TimeSpan.FromMilliseconds(200);
        options.InterTokenLatency = TimeSpan.FromMilliseconds(20);
        options.PrefillPerToken = TimeSpan.FromMilliseconds(5);
        options.TimeProvider = time;
        return SimulatorClient.StartAsync(options);
    }
}
