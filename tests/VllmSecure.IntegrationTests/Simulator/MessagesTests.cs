using System.Net;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests.Simulator;

public class MessagesTests
{
    private const string Path = "/v1/messages";

    [Fact]
    public async Task Message_Whole_IsAnthropics()
    {
        await using var client = await SimulatorClient.StartAsync();
        var answer = await client.PostOkAsync(Path, """
            {"model":"m","max_tokens":50,"system":"be brief","messages":[{"role":"user","content":[{"type":"text","text":"hello there"}]}]}
            """);
        Assert.Equal(("message", "assistant", "end_turn"), ((string?)answer["type"], (string?)answer["role"], (string?)answer["stop_reason"]));
        Assert.Equal((4, 6), ((int)answer["usage"]!["input_tokens"]!, (int)answer["usage"]!["output_tokens"]!));
        Assert.Equal(6, SimulatedTokenizer.Count((string)answer["content"]![0]!["text"]!));
    }

    [Fact]
    public async Task Message_Streamed_HasTheEventsInOrder()
    {
        await using var client = await SimulatorClient.StartAsync();
        var events = await client.StreamAsync(Path, """
            {"model":"m","max_tokens":3,"stream":true,"messages":[{"role":"user","content":"hi"}]}
            """);
        Assert.All(events, sse => Assert.Equal(sse.Name, (string?)sse.Json["type"]));
        Assert.Equal(
            "message_start content_block_start content_block_delta content_block_delta content_block_delta content_block_stop message_delta message_stop",
            string.Join(' ', events.Select(sse => sse.Name)));
        Assert.Equal(1, (int)events[0].Json["message"]!["usage"]!["input_tokens"]!);
        Assert.Equal("max_tokens", (string?)events[^2].Json["delta"]!["stop_reason"]);
        Assert.Equal(3, (int)events[^2].Json["usage"]!["output_tokens"]!);
    }

    [Fact]
    public async Task Message_Tool_IsABlockOfItsOwn()
    {
        await using var client = await SimulatorClient.StartAsync();
        const string Request = """
            {"model":"m","max_tokens":99,"stream":STREAM,"messages":[{"role":"user","content":"hi"}],"tool_choice":{"type":"tool","name":"f"},
            "tools":[{"name":"f","input_schema":{"type":"object","properties":{"q":{"type":"string"}}}}]}
            """;
        var whole = await client.PostOkAsync(Path, Request.Replace("STREAM", "false", StringComparison.Ordinal));
        Assert.Equal("tool_use", (string?)whole["stop_reason"]);
        Assert.Equal("""{"q":"Zürich"}""", whole["content"]![0]!["input"]!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));

        var events = await client.StreamAsync(Path, Request.Replace("STREAM", "true", StringComparison.Ordinal));
        Assert.Equal(
            """{"q":"Zürich"}""",
            string.Concat(events.Where(sse => sse.Name == "content_block_delta").Select(sse => (string?)sse.Json["delta"]!["partial_json"])));
    }

    [Fact]
    public async Task Message_Thinking_ComesFirst()
    {
        await using var client = await SimulatorClient.StartAsync();
        var answer = await client.PostOkAsync(Path, """
            {"model":"m","max_tokens":99,"thinking":{"type":"enabled","budget_tokens":9},"messages":[{"role":"user","content":"hi"}]}
            """);
        Assert.Equal("thinking text", string.Join(' ', answer["content"]!.AsArray().Select(block => (string?)block!["type"])));
    }

    [Fact]
    public async Task Message_UnknownModel_IsAnErrorInAnthropicsShape()
    {
        await using var client = await SimulatorClient.StartAsync();
        var (status, json) = await client.PostAsync(Path, """{"model":"other","max_tokens":1,"messages":[{"role":"user","content":"hi"}]}""");
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Equal("error", (string?)json["type"]);
        Assert.Equal("NotFoundError", (string?)json["error"]!["type"]);
    }

    [Fact]
    public async Task Message_ErrorInStream_IsAnErrorEventAndTheEnd()
    {
        await using var client = await SimulatorClient.StartAsync();
        client.Vllm.Faults.Next(Fault.ErrorInStream(2));
        var events = await client.StreamAsync(Path, """{"model":"m","max_tokens":9,"stream":true,"messages":[{"role":"user","content":"hi"}]}""");
        Assert.Equal(2, events.Count(sse => sse.Name == "content_block_delta"));
        Assert.Equal("error", events[^1].Name);
    }

    [Fact]
    public async Task CountTokens_Counts()
    {
        await using var client = await SimulatorClient.StartAsync();
        var answer = await client.PostOkAsync(Path + "/count_tokens", """{"model":"m","messages":[{"role":"user","content":"one, two"}]}""");
        Assert.Equal(3, (int)answer["input_tokens"]!);
    }
}
