using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests;

/// <summary>A client that leaves frees the GPU at once: vLLM stops only when its own connection is closed.</summary>
public sealed class ClientLeavesTests
{
    public static TheoryData<string, bool> Cases() => new() { { "1.1", true }, { "1.1", false }, { "2.0", true }, { "2.0", false } };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task ClientLeaves_BeforeTheFirstByte_AbortsUpstream(string version, bool stream)
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        vllm.Faults.Next(Fault.HangBeforeHeaders);
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);
        using var client = proxy.CreateClient(version: Version.Parse(version));
        using var leave = new CancellationTokenSource();

        var pending = client.SendForStreamAsync(ChatRequests.Chat(stream), leave.Token);
        var received = await vllm.Journal.WaitForAsync(request => request.BodyReceived).WaitAsync(TimeSpan.FromSeconds(30));
        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
        Assert.Equal(RequestEnd.Aborted, await received.Ended.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task ClientLeaves_DuringPrefill_AbortsUpstream(string version, bool stream)
    {
        // Headers of a stream leave vLLM before the first token; here no token ever comes.
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model], TimeToFirstToken = TimeSpan.FromHours(1) });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);
        using var client = proxy.CreateClient(version: Version.Parse(version));
        using var leave = new CancellationTokenSource();

        var pending = client.SendForStreamAsync(ChatRequests.Chat(stream), leave.Token);
        var received = await vllm.Journal.WaitForAsync(request => request.BodyReceived).WaitAsync(TimeSpan.FromSeconds(30));
        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
        Assert.Equal(RequestEnd.Aborted, await received.Ended.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(0, received.TokensGenerated);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task ClientLeaves_InMidStream_AbortsUpstream(string version)
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        vllm.Faults.Next(Fault.Stall(afterTokens: 2));
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);
        using var client = proxy.CreateClient(version: Version.Parse(version));

        var response = await client.SendForStreamAsync(ChatRequests.Chat(stream: true));
        var received = await vllm.Journal.WaitForAsync(request => request.TokensGenerated >= 2).WaitAsync(TimeSpan.FromSeconds(30));
        response.Dispose();

        Assert.Equal(RequestEnd.Aborted, await received.Ended.WaitAsync(TimeSpan.FromSeconds(30)));
    }
}
