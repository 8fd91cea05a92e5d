using System.Net;
using System.Text;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests.Simulator;

public class FaultsTests
{
    private const string Path = "/v1/chat/completions";
    private static readonly string Streamed = SimulatorClient.Chat("x", "\"stream\":true");

    [Fact]
    public async Task ResetBeforeHeaders_IsAResetAndNoByte()
    {
        var (received, reset, record) = await StrikeAsync(Fault.ResetBeforeHeaders);
        Assert.True(reset);
        Assert.Empty(received);
        Assert.Equal(RequestEnd.Faulted, await record.Ended);
    }

    [Fact]
    public async Task ResetBeforeFirstByte_IsHeadersAndAReset()
    {
        var (received, reset, _) = await StrikeAsync(Fault.ResetBeforeFirstByte);
        Assert.True(reset);
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", received, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", received, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task ResetMidStream_ComesAfterTheTokens(int tokens)
    {
        var (received, reset, record) = await StrikeAsync(Fault.ResetMidStream(tokens));
        Assert.True(reset);
        // The role's chunk, and one for each token; all of them arrive before the reset.
        Assert.Equal(1 + tokens, received.Split("data: ").Length - 1);
        Assert.DoesNotContain("[DONE]", received, StringComparison.Ordinal);
        Assert.Equal(RequestEnd.Faulted, await record.Ended);
    }

    [Fact]
    public async Task ResetMidStream_BeyondTheLastToken_ComesBeforeDone()
    {
        var (received, reset, _) = await StrikeAsync(Fault.ResetMidStream(99));
        Assert.True(reset);
        Assert.Contains("\"finish_reason\":\"stop\"", received, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TruncatedBody_Streamed_EndsInOrderWithoutTheLastChunk()
    {
        var (received, reset, _) = await StrikeAsync(Fault.TruncatedBody);
        Assert.False(reset);
        Assert.Contains("data: ", received, StringComparison.Ordinal);
        Assert.DoesNotContain("\r\n0\r\n", received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TruncatedBody_Whole_IsShorterThanItsLength()
    {
        await using var client = await SimulatorClient.StartAsync();
        client.Vllm.Faults.Next(Fault.TruncatedBody);
        using var connection = await RawConnection.OpenAsync(client.Vllm.Address);
        await connection.PostAsync(Path, SimulatorClient.Chat("x"));
        var parts = (await connection.ReadToEndAsync()).Split("\r\n\r\n");
        var length = int.Parse(parts[0].Split("Content-Length: ")[1].Split("\r\n")[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(length / 2, Encoding.UTF8.GetByteCount(parts[1]));
    }

    [Fact]
    public async Task Stall_HangsUntilReleased()
    {
        await using var client = await SimulatorClient.StartAsync();
        client.Vllm.Faults.Next(Fault.Stall(2));
        using var response = await client.StartPostAsync(Path, Streamed);
        var record = await client.Vllm.Journal.WaitForAsync(request => request.FaultStruck).WaitAsync(SimulatorClient.Patience);
        Assert.False(record.Ended.IsCompleted);
        Assert.Equal(2, record.TokensGenerated);

        client.Vllm.Faults.Release();
        Assert.EndsWith("data: [DONE]\n\n", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(RequestEnd.Completed, await record.Ended);
    }

    [Fact]
    public async Task HangBeforeHeaders_ClientLeaves_IsRecordedAsAborted()
    {
        await using var client = await SimulatorClient.StartAsync();
        client.Vllm.Faults.Next(Fault.HangBeforeHeaders);
        using (var connection = await RawConnection.OpenAsync(client.Vllm.Address))
        {
            await connection.PostAsync(Path, Streamed);
            await client.Vllm.Journal.WaitForAsync(_ => true).WaitAsync(SimulatorClient.Patience);
        }

        var record = client.Vllm.Journal.Requests[0];
        Assert.Equal(RequestEnd.Aborted, await record.Ended.WaitAsync(SimulatorClient.Patience));
        Assert.True(record.Aborted);
        Assert.Equal(0, record.TokensGenerated);
    }

    [Fact]
    public async Task SlowHeaders_WaitsAndThenAnswers()
    {
        var time = new ImmediateTime();
        await using var client = await SimulatorClient.StartAsync(new SimulatorOptions { Models = ["m"], TimeProvider = time });
        client.Vllm.Faults.Next(Fault.SlowHeaders(TimeSpan.FromMinutes(2)));
        await client.PostOkAsync(Path, SimulatorClient.Chat("x"));
        Assert.Equal(TimeSpan.FromMinutes(2), Assert.Single(time.Waits));
    }

    [Fact]
    public async Task ErrorInStream_IsAnErrorEventThenDoneWith200()
    {
        await using var client = await SimulatorClient.StartAsync();
        client.Vllm.Faults.Next(Fault.ErrorInStream(2));
        var events = await client.StreamAsync(Path, Streamed);
        Assert.Equal(5, events.Count);
        Assert.Equal(500, (int)events[3].Json["error"]!["code"]!);
        Assert.Equal("[DONE]", events[4].Data);
        Assert.Equal(RequestEnd.Faulted, await client.Vllm.Journal.Requests[0].Ended);
    }

    [Fact]
    public async Task ErrorInStream_Whole_Is500()
    {
        await using var client = await SimulatorClient.StartAsync();
        client.Vllm.Faults.Next(Fault.ErrorInStream(2));
        var (status, json) = await client.PostAsync(Path, SimulatorClient.Chat("x"));
        Assert.Equal(HttpStatusCode.InternalServerError, status);
        Assert.Equal("InternalServerError", (string?)json["error"]!["type"]);
    }

    [Fact]
    public async Task MalformedSse_IsAmongTheRightFrames()
    {
        await using var client = await SimulatorClient.StartAsync();
        client.Vllm.Faults.Next(Fault.MalformedSse);
        using var response = await client.StartPostAsync(Path, Streamed);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        Assert.Contains((byte)0xFF, bytes);
        var text = Encoding.UTF8.GetString(bytes);
        Assert.Contains("nonsense: 1\n", text, StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, "BadRequestError")]
    [InlineData(429, "Too Many Requests")]
    [InlineData(500, "InternalServerError")]
    [InlineData(502, "Bad Gateway")]
    [InlineData(503, "ServiceUnavailableError")]
    public async Task Status_IsAnsweredInVllmsShape(int code, string type)
    {
        await using var client = await SimulatorClient.StartAsync();
        client.Vllm.Faults.Next(Fault.Status(code));
        var (status, json) = await client.PostAsync(Path, Streamed);
        Assert.Equal(code, (int)status);
        Assert.Equal((type, code), ((string?)json["error"]!["type"], (int)json["error"]!["code"]!));
    }

    [Fact]
    public async Task Plan_StrikesInferenceInOrderAndThenAlways()
    {
        await using var client = await SimulatorClient.StartAsync();
        var faults = client.Vllm.Faults;
        faults.Next(Fault.Status(503));
        faults.Next(null);
        faults.Always = Fault.Status(500);
        Assert.Equal(2, faults.Pending);
        Assert.Equal(HttpStatusCode.OK, (await client.Http.GetAsync("/v1/models")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.PostAsync(Path, SimulatorClient.Chat("x"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsync(Path, SimulatorClient.Chat("x"))).Status);
        Assert.Equal(HttpStatusCode.InternalServerError, (await client.PostAsync(Path, SimulatorClient.Chat("x"))).Status);
        faults.Clear();
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsync(Path, SimulatorClient.Chat("x"))).Status);
    }

    private static async Task<(string Received, bool Reset, RecordedRequest Record)> StrikeAsync(Fault fault)
    {
        await using var client = await SimulatorClient.StartAsync();
        client.Vllm.Faults.Next(fault);
        using var connection = await RawConnection.OpenAsync(client.Vllm.Address);
        await connection.PostAsync(Path, Streamed);
        var received = new StringBuilder();
        var reset = await connection.EndsWithResetAsync(received);
        return (received.ToString(), reset, Assert.Single(client.Vllm.Journal.Requests));
    }
}
