using System.Globalization;
using System.Text.RegularExpressions;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests.Simulator;

public partial class MetricsTests
{
    private const string Path = "/v1/chat/completions";

    [Fact]
    public async Task Metrics_AfterRequests_HaveTrueValues()
    {
        await using var client = await SimulatorClient.StartAsync();
        await client.PostOkAsync(Path, SimulatorClient.Chat("one two three"));
        await client.PostOkAsync(Path, SimulatorClient.Chat("one two three", "\"max_tokens\":2"));
        await client.PostOkAsync("/v1/embeddings", """{"model":"m","input":"x"}""");
        var metrics = await ReadAsync(client);
        Assert.Equal(7, metrics["vllm:prompt_tokens_total"]);
        Assert.Equal(8, metrics["vllm:generation_tokens_total"]);
        Assert.Equal(2, metrics["vllm:request_success_total,finished_reason=\"stop\""]);
        Assert.Equal(1, metrics["vllm:request_success_total,finished_reason=\"length\""]);
        Assert.Equal(0, metrics["vllm:request_success_total,finished_reason=\"abort\""]);
        Assert.Equal(2, metrics["vllm:time_to_first_token_seconds_count"]);
        Assert.Equal(6, metrics["vllm:inter_token_latency_seconds_count"]);
        Assert.Equal(3, metrics["vllm:e2e_request_latency_seconds_count"]);
        Assert.Equal(3, metrics["vllm:request_queue_time_seconds_bucket,le=\"+Inf\""]);
        Assert.Equal(0, metrics["vllm:num_requests_running"]);
        Assert.Equal(0, metrics["vllm:kv_cache_usage_perc"]);
    }

    [Fact]
    public async Task Metrics_PrefixCache_CountsTokens()
    {
        await using var client = await SimulatorClient.StartAsync();
        var prompt = string.Join(' ', Enumerable.Repeat("word", 20));
        await client.PostOkAsync(Path, SimulatorClient.Chat(prompt));
        await client.PostOkAsync(Path, SimulatorClient.Chat(prompt));
        var metrics = await ReadAsync(client);
        Assert.Equal(40, metrics["vllm:prefix_cache_queries_total"]);
        Assert.Equal(16, metrics["vllm:prefix_cache_hits_total"]);
    }

    [Fact]
    public async Task Metrics_WhileRunning_TellRunningWaitingAndCacheUse()
    {
        var options = SimulatorClient.Options();
        options.MaxRunningSequences = 1;
        options.PrefixCacheBlocks = 8;
        await using var client = await SimulatorClient.StartAsync(options);
        client.Vllm.Faults.Next(Fault.Stall(1));
        using var running = await client.StartPostAsync(Path, SimulatorClient.Chat(string.Join(' ', Enumerable.Repeat("word", 20)), "\"stream\":true"));
        await client.Vllm.Journal.WaitForAsync(request => request.FaultStruck).WaitAsync(SimulatorClient.Patience);
        using var waiting = await client.StartPostAsync(Path, SimulatorClient.Chat("x", "\"stream\":true"));
        var metrics = await ReadAsync(client);
        Assert.Equal(1, metrics["vllm:num_requests_running"]);
        Assert.Equal(1, metrics["vllm:num_requests_waiting"]);
        // 20 prompt tokens and one generated: two of eight blocks.
        Assert.Equal(0.25, metrics["vllm:kv_cache_usage_perc"]);
    }

    [Fact]
    public async Task Metrics_Histogram_IsCumulativeAndTyped()
    {
        await using var client = await SimulatorClient.StartAsync();
        await client.PostOkAsync(Path, SimulatorClient.Chat("x"));
        var text = await client.Http.GetStringAsync("/metrics");
        Assert.Contains("# TYPE vllm:time_to_first_token_seconds histogram\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE vllm:prompt_tokens_total counter\n", text, StringComparison.Ordinal);
        var buckets = (await ReadAsync(client)).Where(sample => sample.Key.StartsWith("vllm:e2e_request_latency_seconds_bucket", StringComparison.Ordinal))
            .Select(sample => sample.Value).ToList();
        Assert.Equal(buckets.Order(), buckets);
        Assert.Equal(1, buckets[^1]);
    }

    [Fact]
    public async Task Metrics_Restarted_BeginAtZero()
    {
        await using var client = await SimulatorClient.StartAsync();
        await client.PostOkAsync(Path, SimulatorClient.Chat("x"));
        await client.Vllm.RestartAsync();
        Assert.Equal(0, (await ReadAsync(client))["vllm:prompt_tokens_total"]);
    }

    /// <summary>Every line must be a comment or a sample with the engine's and the model's labels; further labels are part of the key.</summary>
    private static async Task<Dictionary<string, double>> ReadAsync(SimulatorClient client)
    {
        var samples = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var line in (await client.Http.GetStringAsync("/metrics")).TrimEnd('\n').Split('\n').Where(line => line[0] != '#'))
        {
            var match = Sample().Match(line);
            Assert.True(match.Success, line);
            samples.Add(match.Groups["name"].Value + match.Groups["labels"].Value, double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture));
        }

        return samples;
    }

    [GeneratedRegex("""^(?<name>vllm:[a-z0-9_]+)\{engine="0",model_name="m"(?<labels>(,[a-z_]+="[^"]*")*)\} (?<value>[0-9.E+-]+)$""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sample();
}
