using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Proxy.Routing.Servers;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests.Routing;

/// <summary>
/// Many streaming clients while servers are killed, stalled, restarted and replaced, by a seed: every answer is complete or a
/// clean error, none comes twice, none hangs, and nothing is left over. VLLM_SECURE_CHAOS_ANSWERS makes it longer.
/// </summary>
public sealed class ChaosTests
{
    private const int Servers = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly int Answers =
        int.TryParse(Environment.GetEnvironmentVariable("VLLM_SECURE_CHAOS_ANSWERS"), CultureInfo.InvariantCulture, out var answers) ? answers : 400;

    /// <summary>The full number of clients for the long run only: handshakes of 200 clients outlast a short one.</summary>
    private static readonly int Clients = Answers > 400 ? 200 : 40;

    /// <summary>An act strikes every stream of its victim: fewer of them the more clients there are, or nothing would be complete.</summary>
    private static readonly int AnswersPerAct = Clients / 5;

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
            configure: configuration.AddTo);
        using var turns = new SemaphoreSlim(0);
        var chaos = MakeChaosAsync(servers, configuration, turns);

        var left = Answers;
        var kinds = await Task.WhenAll(Enumerable.Range(0, Clients).Select(async client =>
        {
            var own = new List<string>();
            for (var i = 0; Interlocked.Decrement(ref left) >= 0; i++)
            {
                own.Add(await AskAsync(proxy.Client, $"client {client} asks {i}").WaitAsync(Patience));
                turns.Release();
            }

            return own;
        }));
        await chaos.WaitAsync(Patience);
        foreach (var server in servers)
        {
            server.Faults.Clear();
        }

        var counts = kinds.SelectMany(kind => kind).CountBy(kind => kind).ToDictionary();
        Assert.Equal(["clean error", "complete"], counts.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(Answers, counts.Values.Sum());
        Assert.True(counts["complete"] > Answers / 4, $"{counts["complete"]} of {Answers} answers were complete");
        await proxy.StopAsync(); // Waits for what still runs.
        Assert.All(proxy.Services.GetRequiredService<UpstreamServers>().All, server => Assert.Equal((0, 0), (server.Requests, server.Tokens)));
        foreach (var server in servers)
        {
            await server.DisposeAsync();
        }
    }

    /// <summary>One act for each so many answers, so that the seed and not the machine's speed decides how much goes wrong.</summary>
    private static async Task MakeChaosAsync(SimulatedVllm[] servers, ChangingConfiguration configuration, SemaphoreSlim turns)
    {
#pragma warning disable CA5394 // Repeatable, not secret.
        var random = new Random(20_261_123);
        var victim = 0;
        for (var act = 0; act < (Answers / AnswersPerAct) - 1; act++)
        {
            for (var i = 0; i < AnswersPerAct; i++)
            {
                await turns.WaitAsync(Patience);
            }

            // The last one comes back, whatever befell it: there is always somebody left to answer.
            await HealAsync(servers[victim], victim, configuration);
            victim = random.Next(Servers);
            await HarmAsync(servers[victim], victim, configuration, random);
        }
#pragma warning restore CA5394
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
