using System.Net;
using System.Text;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests;

/// <summary>Each chunk goes out as it comes, and nothing in front of the proxy is invited to buffer.</summary>
public sealed class StreamingTests
{
    public static TheoryData<string> Versions() => ["1.1", "2.0"];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Stream_WhileVllmStalls_DeliversWhatCameBefore(string version)
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        vllm.Faults.Next(Fault.Stall(afterTokens: 3));
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);
        using var client = proxy.CreateClient(version: Version.Parse(version));

        using var response = await client.SendForStreamAsync(ChatRequests.Chat(stream: true, maxTokens: 6));
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(), Encoding.UTF8);
        var before = await ReadEventsAsync(lines, count: 4);
        vllm.Faults.Release();
        var rest = await lines.ReadToEndAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("no", Assert.Single(response.Headers.GetValues("X-Accel-Buffering")));
        Assert.True(response.Headers.CacheControl?.NoCache);
        Assert.Equal(4, before.Count);
        Assert.EndsWith("data: [DONE]\n\n", rest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_ThroughTheProxy_IsVllmsBytes()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model], Seed = 7 });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);
        using var direct = new HttpClient { BaseAddress = vllm.Address };

        using var proxied = await proxy.Client.SendAsync(ChatRequests.Chat(stream: true, maxTokens: 50));
        using var original = await direct.SendAsync(ChatRequests.Chat(stream: true, maxTokens: 50));

        Assert.Equal(WithoutIds(await original.Content.ReadAsStringAsync()), WithoutIds(await proxied.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task LargeBodies_BothWays_Pass()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model], MaxModelLength = int.MaxValue });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);
        var prompt = string.Concat(Enumerable.Repeat("word ", 1_900_000));

        using var response = await proxy.Client.SendAsync(ChatRequests.Chat(prompt: prompt));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains(prompt, Assert.Single(vllm.Journal.Requests).BodyText, StringComparison.Ordinal);
    }

    private static async Task<List<string>> ReadEventsAsync(StreamReader lines, int count)
    {
        var events = new List<string>();
        while (events.Count < count)
        {
            var line = await lines.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)) ?? throw new EndOfStreamException();
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                events.Add(line);
            }
        }

        return events;
    }

    /// <summary>Ids and times differ from request to request; everything else must not.</summary>
    private static string WithoutIds(string stream) =>
        System.Text.RegularExpressions.Regex.Replace(stream, "\"id\":\"[^\"]*\"|\"created\":[0-9]+", "", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(10));
}
