using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Proxy.Routing.Servers;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests.Routing;

/// <summary>
/// Many streaming clients while servers are killed, stalled, restarted and replaced, by a seed: every answer is complete or a
/// clean error, none comes twice, none hangs, and nothing is left over: no count, no memory. VLLM_SECURE_CHAOS=long: 200
/// clients for two minutes.
/// </summary>
[Collection(WholeProcess.Name)]
public sealed class ChaosTests(ITestOutputHelper output)
{
    private const int Servers = 4;

    /// <summary>
    /// What may be there at the end that was not after a third. What the proxy keeps is bounded, and these prompts are too short for
    /// its prefix index; what grows for a while are the pools of sockets and buffers, by the most that were ever in use at once:
    /// some 40 KB for each stream of the long run. A leak of 1 KB a request shows in it after 8,000.
    /// </summary>
    private const long Growth = 8 * 1024 * 1024;

    private static readonly bool IsLong = Environment.GetEnvironmentVariable("VLLM_SECURE_CHAOS") == "long";
    private static readonly TimeSpan LongTime = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private const int ShortAnswers = 2000;

    /// <summary>The full number of clients for the long run only: handshakes of 200 clients outlast a short one.</summary>
    private static readonly int Clients = IsLong ? 200 : 40;

    /// <summary>An act strikes every stream of its victim: fewer of them the more clients there are, or nothing would be complete.</summary>
    private static readonly int AnswersPerAct = Clients / 5;

#pragma warning disable CA5394 // Repeatable, not secret.
    private readonly Random _random = new(20_261_123);
#pragma warning restore CA5394

    [Fact]
    public async Task Streams_WhileServersFailAtRandom_EndCompleteOrInACleanError()
    {
        var servers = await Task.WhenAll(Enumerable.Range(0, Servers).Select(_ => SimulatedVllm.StartAsync(new SimulatorOptions
        {
            Models = [ChatRequests.Model],
            InterTokenLatency = TimeSpan.FromMilliseconds(2),
            JournalCapacity = 10,
        })));
        var configuration = new ChangingConfiguration();
        configuration.Change([.. servers.Select((server, i) => ($"Upstreams:s{i}:Address", (string?)server.Address.ToString()))]);
        await using var proxy = await ProxyUnderTest.StartAsync(
            settings: [new("Timeouts:BetweenBytesSeconds", "1"), new("Timeouts:FirstByteSeconds", "2"), new("Routing:Health:OpenSeconds", "1")],
            configure: builder =>
            {
                configuration.AddTo(builder);

                // The simulators are hosts in this process: each restart is a server more to OpenTelemetry, which never forgets one (2.5 MB each).
                builder.Services.ConfigureOpenTelemetryMeterProvider(metrics => metrics.AddView(
                    instrument => instrument.Meter.Name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) ? MetricStreamConfiguration.Drop : null));
            });

        var counts = await RunAsync(proxy, servers, configuration, part: 1 / 3.0);
        var before = await MeasureAsync(proxy);
        foreach (var (kind, count) in await RunAsync(proxy, servers, configuration, part: 2 / 3.0))
        {
            counts[kind] = counts.GetValueOrDefault(kind) + count;
        }

        var after = await MeasureAsync(proxy);
        var answers = counts.Values.Sum();
        output.WriteLine($"{Clients} clients, {answers} answers: {string.Join(", ", counts.Select(kind => $"{kind.Value} {kind.Key}"))}; memory {before / 1024:N0} KB after a third, {after / 1024:N0} KB at the end");
        Assert.Equal(["clean error", "complete"], counts.Keys.Order(StringComparer.Ordinal));
        Assert.True(counts["complete"] > answers / 4, $"{counts["complete"]} of {answers} answers were complete");
        Assert.InRange(after - before, long.MinValue, Growth);
        await proxy.StopAsync();
        foreach (var server in servers)
        {
            await server.DisposeAsync();
        }
    }

    /// <summary>Asks and harms for a part of the run, and lets everything heal; counts the answers by what they were.</summary>
    private async Task<Dictionary<string, int>> RunAsync(ProxyUnderTest proxy, SimulatedVllm[] servers, ChangingConfiguration configuration, double part)
    {
        using var turns = new SemaphoreSlim(0);
        using var isOver = new CancellationTokenSource();
        var chaos = MakeChaosAsync(servers, configuration, turns, isOver.Token);
        var left = (int)(ShortAnswers * part);
        var since = TimeProvider.System.GetTimestamp();
        var kinds = await Task.WhenAll(Enumerable.Range(0, Clients).Select(async client =>
        {
            var own = new List<string>();
            for (var i = 0; IsLong ? TimeProvider.System.GetElapsedTime(since) < LongTime * part : Interlocked.Decrement(ref left) >= 0; i++)
            {
                own.Add(await AskAsync(proxy.Client, $"client {client} asks {i}").WaitAsync(Patience));
                turns.Release();
            }

            return own;
        }));
        await isOver.CancelAsync();
        await chaos.WaitAsync(Patience);
        return kinds.SelectMany(kind => kind).CountBy(kind => kind).ToDictionary();
    }

    /// <summary>Bytes in use once nothing runs any more; every server's counts are back at zero then.</summary>
    private static async Task<long> MeasureAsync(ProxyUnderTest proxy)
    {
        using var timeout = new CancellationTokenSource(Patience);
        var servers = proxy.Services.GetRequiredService<UpstreamServers>();
        while (servers.All.Exists(server => (server.Requests, server.Tokens) != (0, 0)))
        {
            timeout.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }

    /// <summary>One act for each so many answers, so that the seed and not the machine's speed decides how much goes wrong.</summary>
    private async Task MakeChaosAsync(SimulatedVllm[] servers, ChangingConfiguration configuration, SemaphoreSlim turns, CancellationToken isOver)
    {
        var victim = 0;
        while (!isOver.IsCancellationRequested)
        {
            try
            {
                for (var i = 0; i < AnswersPerAct; i++)
                {
                    await turns.WaitAsync(Patience, isOver);
                }
            }
            catch (OperationCanceledException)
            {
                break;
            }

            // The last one comes back, whatever befell it: there is always somebody left to answer.
            await HealAsync(servers[victim], victim, configuration);
#pragma warning disable CA5394 // Repeatable, not secret.
            victim = _random.Next(Servers);
            await HarmAsync(servers[victim], victim, configuration, _random);
#pragma warning restore CA5394
        }

        await HealAsync(servers[victim], victim, configuration);
    }

    private static async Task HealAsync(SimulatedVllm server, int name, ChangingConfiguration configuration)
    {
        server.Faults.Clear();
        await server.RestartAsync();
        configuration.Change(($"Upstreams:s{name}:Address", server.Address.ToString()));
    }

    private static async Task HarmAsync(SimulatedVllm server, int name, ChangingConfiguration configuration, Random random)
    {
#pragma warning disable CA5394 // Repeatable, not secret.
        switch (random.Next(7))
        {
            case 0:
                await server.RestartAsync();
                break;
            case 1:
                await server.StopAsync();
                break;
            case 2:
                configuration.Change(($"Upstreams:s{name}:Address", null));
                break;
            case 3:
                server.Faults.Always = Fault.Stall(afterTokens: random.Next(4));
                break;
            case 4:
                server.Faults.Always = Fault.ResetMidStream(afterTokens: random.Next(8));
                break;
            case 5:
                server.Faults.Always = Fault.ResetBeforeHeaders;
                break;
            default:
                server.Faults.Always = Fault.Status(503);
                break;
        }
#pragma warning restore CA5394
    }

    /// <summary>Reads a whole answer as SDKs do, and says what it was.</summary>
    private static async Task<string> AskAsync(HttpClient client, string prompt)
    {
        using var response = await client.SendForStreamAsync(ChatRequests.Chat(stream: true, prompt: prompt));
        var text = new StringBuilder();
        try
        {
            text.Append(await response.Content.ReadAsStringAsync());
        }
        catch (HttpRequestException)
        {
            // A cut in the middle of an event is an error that every client sees.
            return "clean error";
        }

        var answer = text.ToString();
        if (response.StatusCode != HttpStatusCode.OK)
        {
            return answer.Contains("\"error\"", StringComparison.Ordinal) ? "clean error" : $"status {(int)response.StatusCode} without an error";
        }

        var ends = answer.Split("\"finish_reason\":\"").Length - 1;
        var isDone = answer.TrimEnd().EndsWith("data: [DONE]", StringComparison.Ordinal);
        return (answer.Contains("data: {\"error\"", StringComparison.Ordinal), ends, isDone) switch
        {
            (true, 0 or 1, _) => "clean error", // Also behind the last token: an error event is an error wherever it stands.
            (false, 1, true) => "complete",
            var other => $"neither complete nor a clean error: {other}",
        };
    }
}
