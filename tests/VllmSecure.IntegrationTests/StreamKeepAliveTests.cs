using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests;

/// <summary>A silent prefill survives its client: headers and comments come before the first token does.</summary>
public sealed class StreamKeepAliveTests
{
    private static readonly Dictionary<string, string?> EverySecond = new() { ["Inspection:KeepAliveSeconds"] = "1" };

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Stream_SilentPrefill_GetsHeadersAndCommentsThenItsEvents(string version)
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        vllm.Faults.Next(Fault.Stall(afterTokens: 0));
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address, EverySecond);
        using var client = proxy.CreateClient(version: Version.Parse(version));

        using var response = await client.SendForStreamAsync(ChatRequests.Chat(stream: true)).WaitAsync(TimeSpan.FromSeconds(30));
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        var comments = 0;
        while (comments < 2)
        {
            comments += await lines.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)) == ": keep-alive" ? 1 : 0;
        }

        vllm.Faults.Release();
        var rest = await lines.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("\"content\":", rest, StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", rest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_FailsAfterTheEarlyHeaders_EndsWithAnErrorEvent()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        vllm.Faults.Next(Fault.Stall(afterTokens: 0));
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address, EverySecond);

        using var response = await proxy.Client.SendForStreamAsync(ChatRequests.Chat(stream: true)).WaitAsync(TimeSpan.FromSeconds(30));
        await vllm.StopAsync();
        var stream = await response.Content.ReadAsStringAsync().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Contains("\"code\":\"upstream_failed\"", stream, StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", stream, StringComparison.Ordinal);
    }
}
