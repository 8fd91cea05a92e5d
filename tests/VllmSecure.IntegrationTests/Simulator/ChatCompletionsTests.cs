using System.Net;
using System.Text.Json.Nodes;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests.Simulator;

public class ChatCompletionsTests
{
    private const string Path = "/v1/chat/completions";
    private const string Weather = """
        "tools":[{"type":"function","function":{"name":"weather","parameters":{"type":"object",
        "properties":{"city":{"type":"string"},"days":{"type":"integer"},"unit":{"enum":["celsius"]},"exact":{"type":"boolean"}}}}}]
        """;

    [Fact]
    public async Task Chat_Whole_HasVllmsMembersAndExactUsage()
    {
        await using var client = await SimulatorClient.StartAsync();
        var answer = await client.PostOkAsync(Path, SimulatorClient.Chat("Hello, big world"));

        Assert.Equal("chat.completion", (string?)answer["object"]);
        Assert.StartsWith("chatcmpl-", (string?)answer["id"], StringComparison.Ordinal);
        Assert.Equal("m", (string?)answer["model"]);
        var choice = answer["choices"]![0]!;
        Assert.Equal("assistant", (string?)choice["message"]!["role"]);
        Assert.Equal("stop", (string?)choice["finish_reason"]);
        Assert.Empty(choice["message"]!["tool_calls"]!.AsArray());
        AssertUsage(answer["usage"]!, prompt: 4, completion: 6, cached: 0);
        Assert.Equal(6, SimulatedTokenizer.Count((string)choice["message"]!["content"]!));
    }

    [Fact]
    public async Task Chat_Streamed_IsRoleDeltasFinishAndDone()
    {
        await using var client = await SimulatorClient.StartAsync();
        var events = await client.StreamAsync(Path, SimulatorClient.Chat("hi", "\"stream\":true"));

        Assert.Equal("[DONE]", events[^1].Data);
        var chunks = events.SkipLast(1).Select(sse => sse.Json).ToList();
        Assert.All(chunks, chunk => Assert.Equal("chat.completion.chunk", (string?)chunk["object"]));
        Assert.All(chunks, chunk => Assert.Equal((string?)chunks[0]["id"], (string?)chunk["id"]));
        Assert.Equal("""{"role":"assistant","content":""}""", Delta(chunks[0]).ToJsonString());
        Assert.Equal(6, chunks.Count(chunk => ((string?)Delta(chunk)["content"])?.Length > 0));
        Assert.Equal("stop", string.Concat(chunks.Select(chunk => (string?)chunk["choices"]![0]!["finish_reason"])));
        Assert.Equal("stop", (string?)chunks[^1]["choices"]![0]!["finish_reason"]);
        Assert.All(chunks, chunk => Assert.Null(chunk["usage"]));
    }

    [Fact]
    public async Task Chat_StreamedAndWhole_SayTheSame()
    {
        await using var client = await SimulatorClient.StartAsync();
        var whole = await client.PostOkAsync(Path, SimulatorClient.Chat("same"));
        var events = await client.StreamAsync(Path, SimulatorClient.Chat("same", "\"stream\":true"));
        Assert.Equal((string?)whole["choices"]![0]!["message"]!["content"], Text(events));
    }

    [Fact]
    public async Task Chat_IncludeUsage_EndsWithUsageAndNoChoices()
    {
        await using var client = await SimulatorClient.StartAsync();
        var events = await client.StreamAsync(Path, SimulatorClient.Chat("a b c", """
            "stream":true,"stream_options":{"include_usage":true}
            """));
        var last = events[^2].Json;
        Assert.Empty(last["choices"]!.AsArray());
        AssertUsage(last["usage"]!, prompt: 3, completion: 6, cached: 0);
    }

    [Fact]
    public async Task Chat_ContinuousUsage_CountsUpChunkByChunk()
    {
        await using var client = await SimulatorClient.StartAsync();
        var events = await client.StreamAsync(Path, SimulatorClient.Chat("a b c", """
            "stream":true,"max_tokens":3,"stream_options":{"include_usage":true,"continuous_usage_stats":true}
            """));
        Assert.Equal([0, 1, 2, 3, 3], events.SkipLast(1).Select(sse => (int)sse.Json["usage"]!["completion_tokens"]!));
    }

    [Fact]
    public async Task Chat_StreamOptionsWithoutStream_IsRefused()
    {
        await using var client = await SimulatorClient.StartAsync();
        var (status, _) = await client.PostAsync(Path, SimulatorClient.Chat("a", "\"stream_options\":{\"include_usage\":true}"));
        Assert.Equal(HttpStatusCode.BadRequest, status);
    }

    [Theory]
    [InlineData("max_tokens")]
    [InlineData("max_completion_tokens")]
    public async Task Chat_TokenLimit_EndsWithLength(string member)
    {
        await using var client = await SimulatorClient.StartAsync();
        var answer = await client.PostOkAsync(Path, SimulatorClient.Chat("a", $"\"{member}\":2"));
        Assert.Equal("length", (string?)answer["choices"]![0]!["finish_reason"]);
        AssertUsage(answer["usage"]!, prompt: 1, completion: 2, cached: 0);

        var events = await client.StreamAsync(Path, SimulatorClient.Chat("a", $"\"stream\":true,\"{member}\":2"));
        // The last token's own chunk carries the reason.
        Assert.Equal("length", (string?)events[^2].Json["choices"]![0]!["finish_reason"]);
        Assert.NotEmpty((string)Delta(events[^2].Json)["content"]!);
    }

    [Fact]
    public async Task Chat_IgnoreEos_GoesOnToTheLimit()
    {
        await using var client = await SimulatorClient.StartAsync();
        var answer = await client.PostOkAsync(Path, SimulatorClient.Chat("a", "\"ignore_eos\":true,\"max_tokens\":50"));
        Assert.Equal(50, (int)answer["usage"]!["completion_tokens"]!);
        Assert.Equal("length", (string?)answer["choices"]![0]!["finish_reason"]);
    }

    [Fact]
    public async Task Chat_Stop_CutsBeforeTheStringAndCountsItsTokens()
    {
        await using var client = await SimulatorClient.StartAsync();
        var full = (string)(await client.PostOkAsync(Path, SimulatorClient.Chat("a")))["choices"]![0]!["message"]!["content"]!;
        var words = full.Split(' ');
        var answer = await client.PostOkAsync(Path, SimulatorClient.Chat("a", $"\"stop\":[\"{words[2]}\"]"));
        var choice = answer["choices"]![0]!;
        Assert.Equal($"{words[0]} {words[1]} ", (string?)choice["message"]!["content"]);
        Assert.Equal("stop", (string?)choice["finish_reason"]);
        Assert.Equal(words[2], (string?)choice["stop_reason"]);
        Assert.Equal(3, (int)answer["usage"]!["completion_tokens"]!);
    }

    [Fact]
    public async Task Chat_SeveralChoices_StreamInStepAndDiffer()
    {
        await using var client = await SimulatorClient.StartAsync();
        var events = await client.StreamAsync(Path, SimulatorClient.Chat("a", """
            "stream":true,"n":2,"stream_options":{"include_usage":true}
            """));
        Assert.Equal(12, (int)events[^2].Json["usage"]!["completion_tokens"]!);
        Assert.NotEqual(Text(events, choice: 0), Text(events, choice: 1), StringComparer.Ordinal);
        Assert.Equal([0, 1, 0, 1], events.Take(4).Select(sse => (int)sse.Json["choices"]![0]!["index"]!));
    }

    [Theory]
    [InlineData("hi", "\"tool_choice\":\"required\"")]
    [InlineData("hi", "\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"weather\"}}")]
    [InlineData("please call the tool", "\"tool_choice\":\"auto\"")]
    public async Task Chat_ToolForcedOrAskedFor_CallsIt(string content, string choice)
    {
        await using var client = await SimulatorClient.StartAsync();
        var answer = await client.PostOkAsync(Path, SimulatorClient.Chat(content, $"{Weather},{choice}"));
        var call = answer["choices"]![0]!["message"]!["tool_calls"]![0]!;
        Assert.Equal("tool_calls", (string?)answer["choices"]![0]!["finish_reason"]);
        Assert.Equal("weather", (string?)call["function"]!["name"]);
        Assert.Equal(
            """{"city":"Zürich","days":7,"unit":"celsius","exact":true}""",
            (string?)call["function"]!["arguments"]);

        var events = await client.StreamAsync(Path, SimulatorClient.Chat(content, $"{Weather},{choice},\"stream\":true"));
        var deltas = events.SkipLast(1).Select(sse => Delta(sse.Json)["tool_calls"]?[0]).OfType<JsonNode>().ToList();
        Assert.Equal("weather", (string?)deltas[0]["function"]!["name"]);
        Assert.NotEmpty((string)deltas[0]["id"]!);
        Assert.Equal(
            (string?)call["function"]!["arguments"], string.Concat(deltas.Select(delta => (string?)delta["function"]!["arguments"])));
    }

    [Theory]
    [InlineData("call the tool", "\"tool_choice\":\"none\"")]
    [InlineData("hi", "\"tool_choice\":\"auto\"")]
    public async Task Chat_ToolNotWanted_Answers(string content, string choice)
    {
        await using var client = await SimulatorClient.StartAsync();
        var answer = await client.PostOkAsync(Path, SimulatorClient.Chat(content, $"{Weather},{choice}"));
        Assert.Equal("stop", (string?)answer["choices"]![0]!["finish_reason"]);
    }

    [Fact]
    public async Task Chat_Thinking_ReasonsBeforeItAnswers()
    {
        await using var client = await SimulatorClient.StartAsync();
        var events = await client.StreamAsync(Path, SimulatorClient.Chat("a", """
            "stream":true,"chat_template_kwargs":{"enable_thinking":true}
            """));
        var kinds = events.Skip(1).SkipLast(2).Select(sse => Delta(sse.Json)["reasoning"] is null ? "content" : "reasoning");
        Assert.Equal("reasoning reasoning reasoning content content content", string.Join(' ', kinds));
    }

    [Fact]
    public async Task Chat_Text_IsRawUtf8OfUpToFourBytes()
    {
        await using var client = await SimulatorClient.StartAsync();
        using var response = await client.Http.PostAsync(
            Path, SimulatorClient.Body(SimulatorClient.Chat("a", "\"ignore_eos\":true,\"max_tokens\":500")));
        var text = await response.Content.ReadAsStringAsync();
        Assert.Contains("🚀", text, StringComparison.Ordinal);
        Assert.Contains("größe", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\\u", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_OtherSeed_SaysSomethingElse()
    {
        await using var client = await SimulatorClient.StartAsync();
        var one = await client.PostOkAsync(Path, SimulatorClient.Chat("a"));
        client.Vllm.Options.Seed = 8;
        var two = await client.PostOkAsync(Path, SimulatorClient.Chat("a"));
        Assert.NotEqual((string?)one["choices"]![0]!["message"]!["content"], (string?)two["choices"]![0]!["message"]!["content"], StringComparer.Ordinal);
    }

    [Fact]
    public async Task Chat_ContentParts_CountTextAndMedia()
    {
        await using var client = await SimulatorClient.StartAsync();
        var answer = await client.PostOkAsync(Path, """
            {"model":"m","messages":[{"role":"system","content":"be brief"},{"role":"user","content":
            [{"type":"text","text":"what is this"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}]}]}
            """);
        Assert.Equal(2 + 3 + SimulatedTokenizer.TokensPerMediaPart, (int)answer["usage"]!["prompt_tokens"]!);
    }

    [Fact]
    public async Task Chat_Logprobs_AreThereForEachToken()
    {
        await using var client = await SimulatorClient.StartAsync();
        var answer = await client.PostOkAsync(Path, SimulatorClient.Chat("a", "\"logprobs\":true"));
        Assert.Equal(6, answer["choices"]![0]!["logprobs"]!["content"]!.AsArray().Count);
    }

    [Fact]
    public async Task Chat_RequestId_BecomesTheCompletionsId()
    {
        await using var client = await SimulatorClient.StartAsync();
        client.Http.DefaultRequestHeaders.Add("X-Request-Id", "abc");
        Assert.Equal("chatcmpl-abc", (string?)(await client.PostOkAsync(Path, SimulatorClient.Chat("a")))["id"]);
    }

    private static JsonNode Delta(JsonNode chunk) => chunk["choices"]![0]!["delta"]!;

    private static string Text(IEnumerable<SseEvent> events, int choice = 0) => string.Concat(events
        .Where(sse => sse.Data != "[DONE]").Select(sse => sse.Json["choices"]!.AsArray())
        .Where(choices => choices.Count > 0 && (int)choices[0]!["index"]! == choice)
        .Select(choices => (string?)choices[0]!["delta"]!["content"]));

    private static void AssertUsage(JsonNode usage, int prompt, int completion, int cached)
    {
        Assert.Equal(prompt, (int)usage["prompt_tokens"]!);
        Assert.Equal(completion, (int)usage["completion_tokens"]!);
        Assert.Equal(prompt + completion, (int)usage["total_tokens"]!);
        Assert.Equal(cached, (int)usage["prompt_tokens_details"]!["cached_tokens"]!);
    }
}
