using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests.Simulator;

public class AbortTests
{
    private const string Path = "/v1/chat/completions";

    [Fact]
    public async Task Client_LeavesInMidStream_StopsGenerationAndIsRecorded()
    {
        await using var client = await StartSlowAsync();
        using (var connection = await RawConnection.OpenAsync(client.Vllm.Address))
        {
            await connection.PostAsync(Path, SimulatorClient.Chat("x", "\"stream\":true,\"ignore_eos\":true,\"max_tokens\":20000"));
            await client.Vllm.Journal.WaitForAsync(request => request.TokensGenerated >= 3).WaitAsync(SimulatorClient.Patience);
        }

        var record = client.Vllm.Journal.Requests[0];
        Assert.Equal(RequestEnd.Aborted, await record.Ended.WaitAsync(SimulatorClient.Patience));
        Assert.InRange(record.TokensGenerated, 3, 19_999);
        Assert.Equal((0, 0), client.Vllm.Load);
        Assert.Contains("finished_reason=\"abort\"} 1.0", await client.Http.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_LeavesBeforeTheFirstToken_StopsPrefill()
    {
        await using var client = await StartSlowAsync();
        client.Vllm.Options.TimeToFirstToken = TimeSpan.FromHours(1);
        using (await client.StartPostAsync(Path, SimulatorClient.Chat("x", "\"stream\":true")))
        {
            Assert.Equal((1, 0), client.Vllm.Load);
        }

        var record = client.Vllm.Journal.Requests[0];
        Assert.Equal(RequestEnd.Aborted, await record.Ended.WaitAsync(SimulatorClient.Patience));
        Assert.Equal(0, record.TokensGenerated);
    }

    [Fact]
    public async Task Client_LeavesAWholeAnswer_StopsGeneration()
    {
        await using var client = await StartSlowAsync();
        using var leave = new CancellationTokenSource();
        var answer = client.StartPostAsync(Path, SimulatorClient.Chat("x", "\"ignore_eos\":true,\"max_tokens\":20000"), leave.Token);
        var record = await client.Vllm.Journal.WaitForAsync(request => request.TokensGenerated >= 2).WaitAsync(SimulatorClient.Patience);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        Assert.Equal(RequestEnd.Aborted, await record.Ended.WaitAsync(SimulatorClient.Patience));
        Assert.True(record.TokensGenerated < 20_000);
    }

    [Fact]
    public async Task Client_LeavesWhileSending_IsRecordedWithoutABody()
    {
        await using var client = await SimulatorClient.StartAsync();
        using (var connection = await RawConnection.OpenAsync(client.Vllm.Address))
        {
            await connection.SendAsync($"POST {Path} HTTP/1.1\nHost: x\nContent-Type: application/json\nContent-Length: 100\nExpect: 100-continue", "{");
            // The interim answer proves that the head has been read.
            await connection.ReadUntilAsync("100 Continue");
        }

        var record = await client.Vllm.Journal.WaitForAsync(request => request.Ended.IsCompleted).WaitAsync(SimulatorClient.Patience);
        Assert.Equal(RequestEnd.Aborted, await record.Ended);
        Assert.False(record.BodyReceived);
    }

    [Fact]
    public async Task Client_StaysToTheEnd_IsNotAnAbort()
    {
        await using var client = await SimulatorClient.StartAsync();
        await client.StreamAsync(Path, SimulatorClient.Chat("x", "\"stream\":true"));
        var record = client.Vllm.Journal.Requests[0];
        Assert.Equal(RequestEnd.Completed, await record.Ended.WaitAsync(SimulatorClient.Patience));
        Assert.False(record.Aborted);
        Assert.Equal(6, record.TokensGenerated);
    }

    private static Task<SimulatorClient> StartSlowAsync()
    {
        var options = SimulatorClient.Options();
        options.InterTokenLatency = TimeSpan.FromMilliseconds(2);
        return SimulatorClient.StartAsync(options);
    }
}
