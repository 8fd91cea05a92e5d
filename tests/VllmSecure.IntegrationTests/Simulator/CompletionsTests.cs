using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests.Simulator;

public class CompletionsTests
{
    private const string Path = "/v1/completions";

    [Fact]
    public async Task Completion_Whole_HasTextAndExactUsage()
    {
        await using var client = await SimulatorClient.StartAsync();
        var answer = await client.PostOkAsync(Path, """{"model":"m","prompt":"one two three"}""");
        Assert.Equal("text_completion", (string?)answer["object"]);
        Assert.Equal(6, SimulatedTokenizer.Count((string)answer["choices"]![0]!["text"]!));
        Assert.Equal((3, 6, 9), (
            (int)answer["usage"]!["prompt_tokens"]!, (int)answer["usage"]!["completion_tokens"]!, (int)answer["usage"]!["total_tokens"]!));
    }

    [Fact]
    public async Task Completion_Streamed_EndsWithReasonUsageAndDone()
    {
        await using var client = await SimulatorClient.StartAsync();
        var whole = await client.PostOkAsync(Path, """{"model":"m","prompt":"x"}""");
        var events = await client.StreamAsync(Path, """{"model":"m","prompt":"x","stream":true,"stream_options":{"include_usage":true}}""");
        Assert.Equal("[DONE]", events[^1].Data);
        Assert.Equal(6, (int)events[^2].Json["usage"]!["completion_tokens"]!);
        Assert.Equal("stop", (string?)events[^3].Json["choices"]![0]!["finish_reason"]);
        Assert.Equal(
            (string?)whole["choices"]![0]!["text"],
            string.Concat(events.SkipLast(2).Select(sse => (string?)sse.Json["choices"]![0]!["text"])));
    }

    [Fact]
    public async Task Completion_PromptList_GivesNChoicesOfEach()
    {
        await using var client = await SimulatorClient.StartAsync();
        var answer = await client.PostOkAsync(Path, """{"model":"m","prompt":["one","two two"],"n":2,"max_tokens":1}""");
        Assert.Equal(4, answer["choices"]!.AsArray().Count);
        Assert.Equal((3, 4), ((int)answer["usage"]!["prompt_tokens"]!, (int)answer["usage"]!["completion_tokens"]!));
    }

    [Theory]
    [InlineData("[1,2,3]", 3)]
    [InlineData("[[1,2],[3]]", 3)]
    public async Task Completion_TokenIds_CountAsGiven(string prompt, int tokens)
    {
        await using var client = await SimulatorClient.StartAsync();
        var answer = await client.PostOkAsync(Path, $$"""{"model":"m","prompt":{{prompt}}}""");
        Assert.Equal(tokens, (int)answer["usage"]!["prompt_tokens"]!);
    }

    [Fact]
    public async Task Completion_Echo_RepeatsThePrompt()
    {
        await using var client = await SimulatorClient.StartAsync();
        var answer = await client.PostOkAsync(Path, """{"model":"m","prompt":"one two","echo":true}""");
        Assert.StartsWith("one two", (string?)answer["choices"]![0]!["text"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Completion_NoLimit_IsOpenAIsSixteenTokens()
    {
        await using var client = await SimulatorClient.StartAsync(new SimulatorOptions { Models = ["m"], OutputTokens = 100 });
        var answer = await client.PostOkAsync(Path, """{"model":"m","prompt":"x"}""");
        Assert.Equal(16, (int)answer["usage"]!["completion_tokens"]!);
        Assert.Equal("length", (string?)answer["choices"]![0]!["finish_reason"]);
    }
}
