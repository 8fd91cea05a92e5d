using System.Net;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests;

/// <summary>Prompts of a megabyte are common where source code is sent; the streams that answer them last for minutes.</summary>
public sealed class RequestMemoryTests
{
    private static readonly Dictionary<string, string?> RoomForOne = new() { ["Inspection:MaxBufferedBytes"] = "1048576" };

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Stream_Begun_KeepsNothingOfItsPrompt(string version)
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model], MaxModelLength = 1_000_000 });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address, RoomForOne);
        using var client = proxy.CreateClient(version: Version.Parse(version));
        vllm.Faults.Next(Fault.Stall(afterTokens: 1));
        using var stream = await client.SendForStreamAsync(ChatRequests.Chat(stream: true, prompt: Prompt));

        using var next = await client.SendAsync(ChatRequests.Chat(prompt: Prompt));
        vllm.Faults.Release();
        var rest = await stream.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
        Assert.EndsWith("data: [DONE]\n\n", rest, StringComparison.Ordinal);
    }

    private static string Prompt => new('x', 600_000);
}
