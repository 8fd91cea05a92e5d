using System.Text.Json;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests;

/// <summary>Who used what is counted as vLLM counts it, and is on the management port.</summary>
public sealed class UsageTests
{
    [Fact]
    public async Task Status_AfterRequests_HasVllmsTotalsByKeyAndModel()
    {
        var log = new AccessLogRecorder();
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address, configure: log.AddTo);

        using var streamed = await proxy.Client.SendAsync(ChatRequests.Chat(stream: true, maxTokens: 5));
        await streamed.Content.ReadAsStringAsync();
        using var whole = await proxy.Client.SendAsync(ChatRequests.Chat(maxTokens: 3));
        using var stranger = proxy.CreateClient(key: "nobody");
        using var refused = await stranger.SendAsync(ChatRequests.Chat());
        for (var request = 0; request < 3; request++)
        {
            await log.NextAsync(); // The log's line comes after the usage is booked.
        }

        var received = vllm.Journal.Requests.Where(request => request.Path == ChatRequests.Path).ToList();
        var row = Assert.Single((await StatusAsync(proxy)).GetProperty("usage").EnumerateArray());
        Assert.Equal("test", row.GetProperty("key").GetString());
        Assert.Equal(ChatRequests.Model, row.GetProperty("model").GetString());
        Assert.Equal(2, row.GetProperty("requests").GetInt64());
        Assert.Equal(0, row.GetProperty("requestsWithoutUsage").GetInt64());
        Assert.Equal(received.Sum(request => request.PromptTokens), row.GetProperty("inputTokens").GetInt64());
        Assert.Equal(received.Sum(request => request.TokensGenerated), row.GetProperty("outputTokens").GetInt64());
    }

    [Fact]
    public async Task Status_MessageThatItsClientLeft_HasTheTokensThatItWasSent()
    {
        const int Read = 30;
        const int Sent = 40;
        var log = new AccessLogRecorder();
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model], OutputTokens = 2 * Sent });
        vllm.Faults.Next(Fault.Stall(afterTokens: Sent));
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address, [new("ApiKeys:test:TokensPerDay", "1000000")], log.AddTo);

        // Its first event has usage already: the prompt, and no output.
        using (var response = await proxy.Client.SendForStreamAsync(ChatRequests.Chat(stream: true, maxTokens: 100, path: "/v1/messages")))
        using (var reader = new StreamReader(await response.Content.ReadAsStreamAsync()))
        {
            for (var read = 0; read < Read;)
            {
                var line = await reader.ReadLineAsync();
                Assert.NotNull(line);
                read += line.Contains("text_delta", StringComparison.Ordinal) ? 1 : 0;
            }
        }

        await log.NextAsync();
        var row = Assert.Single((await StatusAsync(proxy)).GetProperty("usage").EnumerateArray());
        var output = row.GetProperty("outputTokens").GetInt64();
        Assert.InRange(output, Read, Sent);
        Assert.Equal(row.GetProperty("inputTokens").GetInt64() + output, proxy.CountedTokens()["test"]);
    }

    private static async Task<JsonElement> StatusAsync(ProxyUnderTest proxy)
    {
        using var client = new HttpClient { BaseAddress = proxy.Addresses.Management };
        return JsonDocument.Parse(await client.GetStringAsync("/status")).RootElement;
    }
}
