using System.Text.Json;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests;

/// <summary>One line a request, that tells who ended it and why.</summary>
public sealed class AccessLogTests
{
    [Fact]
    public async Task Line_StreamedAnswer_HasVllmsNumbers()
    {
        var log = new AccessLogRecorder();
        await using var vllm = await StartVllmAsync();
        await using var proxy = await StartAsync(vllm, log);

        using var response = await proxy.Client.SendAsync(ChatRequests.Chat(stream: true, maxTokens: 5));
        var body = await response.Content.ReadAsByteArrayAsync();
        var line = await log.NextAsync();

        var received = Assert.Single(vllm.Journal.Requests, request => request.Path == ChatRequests.Path);
        Assert.Equal(Assert.Single(response.Headers.GetValues("X-Request-Id")), Text(line, "request_id"));
        Assert.Equal(received.Header("traceparent")!.Split('-')[1], Text(line, "trace_id"));
        Assert.Equal("test", Text(line, "key_id"));
        Assert.Equal("127.0.0.1", Text(line, "client_address"));
        Assert.Equal("POST", Text(line, "method"));
        Assert.Equal(ChatRequests.Path, Text(line, "path"));
        Assert.Equal(ChatRequests.Model, Text(line, "model"));
        Assert.True(line.GetProperty("stream").GetBoolean());
        Assert.Equal(200, Number(line, "status"));
        Assert.Equal("ok", Text(line, "outcome"));
        Assert.Equal("upstream", Text(line, "ended_by"));
        Assert.Equal("vllm", Text(line, "upstream"));
        Assert.Equal(body.Length, Number(line, "bytes_out"));
        Assert.Equal(received.PromptTokens, Number(line, "tokens_in"));
        Assert.Equal(received.TokensGenerated, Number(line, "tokens_out"));
        Assert.Equal("length", Text(line, "finish_reason"));
        Assert.InRange(line.GetProperty("time_to_first_token_ms").GetDouble(), 0.001, line.GetProperty("duration_ms").GetDouble());
    }

    [Fact]
    public async Task Line_ClientLeft_SaysTheClientEndedIt()
    {
        var log = new AccessLogRecorder();
        await using var vllm = await StartVllmAsync();
        vllm.Faults.Next(Fault.HangBeforeHeaders);
        await using var proxy = await StartAsync(vllm, log);
        using var leave = new CancellationTokenSource();

        var pending = proxy.Client.SendAsync(ChatRequests.Chat(), leave.Token);
        await vllm.Journal.WaitForAsync(request => request.BodyReceived).WaitAsync(TimeSpan.FromSeconds(30));
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
        var line = await log.NextAsync();

        Assert.Equal("client_left", Text(line, "outcome"));
        Assert.Equal("client", Text(line, "ended_by"));
        Assert.Equal(JsonValueKind.Null, line.GetProperty("status").ValueKind);
    }

    [Fact]
    public async Task Line_UpstreamBreaksOff_SaysTheUpstreamEndedIt()
    {
        var log = new AccessLogRecorder();
        await using var vllm = await StartVllmAsync();
        vllm.Faults.Next(Fault.ResetBeforeHeaders);
        await using var proxy = await StartAsync(vllm, log);

        using var response = await proxy.Client.SendAsync(ChatRequests.Chat());
        var line = await log.NextAsync();

        Assert.Equal("upstream_failed", Text(line, "outcome"));
        Assert.Equal("upstream", Text(line, "ended_by"));
        Assert.Equal(502, Number(line, "status"));
    }

    [Fact]
    public async Task Line_BudgetRunsOut_SaysTheTimeoutEndedIt()
    {
        var log = new AccessLogRecorder();
        await using var vllm = await StartVllmAsync();
        vllm.Faults.Next(Fault.HangBeforeHeaders);
        await using var proxy = await StartAsync(vllm, log, "Timeouts:TotalSeconds", "1");

        using var response = await proxy.Client.SendAsync(ChatRequests.Chat());
        var line = await log.NextAsync();

        Assert.Equal("timed_out", Text(line, "outcome"));
        Assert.Equal("timeout", Text(line, "ended_by"));
        Assert.Equal(504, Number(line, "status"));
    }

    [Theory]
    [InlineData(false, 503)]
    [InlineData(true, 200)]
    public async Task Line_CutAtTheEndOfTheDrain_SaysTheDrainEndedIt(bool stream, int status)
    {
        var log = new AccessLogRecorder();
        await using var vllm = await StartVllmAsync();
        vllm.Faults.Next(stream ? Fault.Stall(afterTokens: 2) : Fault.HangBeforeHeaders);
        await using var proxy = await StartAsync(vllm, log, "Shutdown:DrainSeconds", "0");

        var pending = proxy.Client.SendForStreamAsync(ChatRequests.Chat(stream));
        await vllm.Journal.WaitForAsync(request => request.FaultStruck).WaitAsync(TimeSpan.FromSeconds(30));
        using var streaming = stream ? await pending : null;
        await proxy.StopAsync().WaitAsync(TimeSpan.FromSeconds(30));
        using var response = await pending;
        var line = await log.NextAsync();

        Assert.Equal("drained", Text(line, "outcome"));
        Assert.Equal("drain", Text(line, "ended_by"));
        Assert.Equal(status, Number(line, "status"));
    }

    [Fact]
    public async Task Line_Refused_NamesTheRule()
    {
        var log = new AccessLogRecorder();
        await using var vllm = await StartVllmAsync();
        await using var proxy = await StartAsync(vllm, log);
        using var stranger = proxy.CreateClient(key: null);

        using var response = await stranger.SendAsync(ChatRequests.Chat());
        var line = await log.NextAsync();

        Assert.Equal("refused", Text(line, "outcome"));
        Assert.Equal("proxy", Text(line, "ended_by"));
        Assert.Equal(401, Number(line, "status"));
        Assert.Equal("invalid_api_key", Text(line, "rule"));
        Assert.Equal(JsonValueKind.Null, line.GetProperty("key_id").ValueKind);
    }

    [Fact]
    public async Task Line_PlainHttp_IsLoggedToo()
    {
        var log = new AccessLogRecorder();
        await using var vllm = await StartVllmAsync();
        await using var proxy = await StartAsync(vllm, log);
        using var plain = new HttpClient { BaseAddress = proxy.Addresses.Http };

        using var response = await plain.SendAsync(ChatRequests.Chat());
        var line = await log.NextAsync();

        Assert.Equal("https_required", Text(line, "rule"));
        Assert.Equal(403, Number(line, "status"));
    }

    [Fact]
    public async Task File_OfTheProxy_HasTheSameLines()
    {
        var directory = Directory.CreateTempSubdirectory("access-log-");
        try
        {
            var file = Path.Combine(directory.FullName, "access.log");
            await using var vllm = await StartVllmAsync();
            await using (var proxy = await StartAsync(vllm, new AccessLogRecorder(), "AccessLog:File", file))
            {
                using var response = await proxy.Client.SendAsync(ChatRequests.Chat());
                await proxy.StopAsync();
            }

            var line = Assert.Single(await File.ReadAllLinesAsync(file));
            Assert.Equal("ok", Text(JsonDocument.Parse(line).RootElement, "outcome"));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static Task<SimulatedVllm> StartVllmAsync() =>
        SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });

    private static Task<ProxyUnderTest> StartAsync(SimulatedVllm vllm, AccessLogRecorder log, string setting = "AccessLog:QueueLength", string value = "100") =>
        ProxyUnderTest.StartAsync(vllm.Address, [new(setting, value)], log.AddTo);

    private static string? Text(JsonElement line, string field) => line.GetProperty(field).GetString();

    private static long Number(JsonElement line, string field) => line.GetProperty(field).GetInt64();
}
