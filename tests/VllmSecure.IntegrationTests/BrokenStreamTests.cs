using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests;

/// <summary>A stream that breaks off between events tells its client so, in the words that its SDK knows.</summary>
public sealed class BrokenStreamTests
{
    [Theory]
    [InlineData("1.1", "/v1/chat/completions")]
    [InlineData("2.0", "/v1/chat/completions")]
    [InlineData("1.1", "/v1/messages")]
    [InlineData("2.0", "/v1/messages")]
    public async Task Stream_ResetByVllm_EndsWithAnErrorEvent(string version, string path)
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        vllm.Faults.Next(Fault.ResetMidStream(afterTokens: 3));
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);
        using var client = proxy.CreateClient(version: Version.Parse(version));

        using var response = await client.SendForStreamAsync(ChatRequests.Chat(stream: true, path: path));
        var stream = await response.Content.ReadAsStringAsync().WaitAsync(TimeSpan.FromSeconds(30));

        var end = path == ChatRequests.Path
            ? "\"type\":\"api_error\",\"param\":null,\"code\":\"upstream_failed\"}}\n\ndata: [DONE]\n\n"
            : "\n\nevent: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"The model server broke off the request before its answer was complete.\"}}\n\n";
        Assert.EndsWith(end, stream, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_ErrorWithinIt_PassesAsVllmSaidIt()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        vllm.Faults.Next(Fault.ErrorInStream(afterTokens: 2));
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);

        using var response = await proxy.Client.SendForStreamAsync(ChatRequests.Chat(stream: true));
        var stream = await response.Content.ReadAsStringAsync().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Contains("data: {\"error\":", stream, StringComparison.Ordinal);
        Assert.DoesNotContain("upstream_failed", stream, StringComparison.Ordinal);
    }
}
