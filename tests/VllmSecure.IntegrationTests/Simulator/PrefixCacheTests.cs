using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests.Simulator;

public class PrefixCacheTests
{
    private const string Path = "/v1/chat/completions";

    [Fact]
    public async Task Prompt_Repeated_HitsItsFullBlocksAndCostsLess()
    {
        var time = new ImmediateTime();
        await using var client = await SimulatorClient.StartAsync(
            new SimulatorOptions { Models = ["m"], PrefillPerToken = TimeSpan.FromMilliseconds(10), TimeProvider = time });
        Assert.Equal(0, await CachedAsync(client, Words(40)));
        Assert.Equal(32, await CachedAsync(client, Words(40)));
        Assert.Equal([400, 80], time.Waits.Select(wait => (int)wait.TotalMilliseconds));
        Assert.Equal(32, client.Vllm.Journal.Requests[1].CachedPromptTokens);
    }

    [Fact]
    public async Task Prompt_OfWholeBlocks_ComputesItsLastTokenAnew()
    {
        await using var client = await SimulatorClient.StartAsync();
        await CachedAsync(client, Words(32));
        Assert.Equal(16, await CachedAsync(client, Words(32)));
    }

    [Fact]
    public async Task Prompt_SharedBeginning_HitsOnlyThat()
    {
        await using var client = await SimulatorClient.StartAsync();
        await CachedAsync(client, Words(20) + " first end " + Words(40));
        Assert.Equal(16, await CachedAsync(client, Words(20) + " other end " + Words(40)));
    }

    [Fact]
    public async Task Salt_Differs_SharesNothing()
    {
        await using var client = await SimulatorClient.StartAsync();
        await CachedAsync(client, Words(40), "\"cache_salt\":\"one\"");
        Assert.Equal(0, await CachedAsync(client, Words(40), "\"cache_salt\":\"two\""));
        Assert.Equal(32, await CachedAsync(client, Words(40), "\"cache_salt\":\"one\""));
    }

    [Fact]
    public async Task Cache_Full_ForgetsTheLeastRecentlyUsed()
    {
        var options = SimulatorClient.Options();
        options.PrefixCacheBlocks = 2;
        await using var client = await SimulatorClient.StartAsync(options);
        await CachedAsync(client, Words(33, "a"));
        Assert.Equal(32, await CachedAsync(client, Words(33, "a")));
        await CachedAsync(client, Words(17, "b"));
        Assert.Equal(16, await CachedAsync(client, Words(17, "b")));
        // One of a's two blocks is gone, and it is the first, without which the second cannot be found.
        Assert.Equal(0, await CachedAsync(client, Words(33, "a")));
    }

    [Fact]
    public async Task Conversation_Continued_HitsTheAnswerToo()
    {
        await using var client = await SimulatorClient.StartAsync();
        var answer = await client.PostOkAsync(Path, SimulatorClient.Chat(Words(20), "\"ignore_eos\":true,\"max_tokens\":30"));
        var text = System.Text.Json.JsonEncodedText.Encode((string)answer["choices"]![0]!["message"]!["content"]!);
        var next = await client.PostOkAsync(Path, $$"""
            {"model":"m","messages":[{"role":"user","content":"{{Words(20)}}"},{"role":"assistant","content":"{{text}}"},{"role":"user","content":"and now"}]}
            """);
        Assert.Equal(48, (int)next["usage"]!["prompt_tokens_details"]!["cached_tokens"]!);
    }

    [Fact]
    public async Task Cache_Reset_IsEmpty()
    {
        await using var client = await SimulatorClient.StartAsync();
        await CachedAsync(client, Words(40));
        await client.PostOkAsync("/reset_prefix_cache", "{}");
        Assert.Equal(0, await CachedAsync(client, Words(40)));
    }

    private static string Words(int count, string stem = "w") => string.Join(' ', Enumerable.Range(0, count).Select(index => $"{stem}{index}"));

    private static async Task<int> CachedAsync(SimulatorClient client, string prompt, string members = "\"max_tokens\":1") =>
        (int)(await client.PostOkAsync(Path, SimulatorClient.Chat(prompt, members)))["usage"]!["prompt_tokens_details"]!["cached_tokens"]!;
}
