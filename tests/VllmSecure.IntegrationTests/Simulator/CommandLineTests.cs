using VllmSecure.Simulator.Hosting;

namespace VllmSecure.IntegrationTests.Simulator;

public class CommandLineTests
{
    [Fact]
    public void Arguments_OfTheSimulator_SetItsOptions()
    {
        var options = Parse("""
            --urls http://127.0.0.1:8000 --model m --seed 3 --time-to-first-token-ms 120 --inter-token-latency-ms=7.5
            --inter-token-latency-deviation-ms 2 --prefill-per-token-ms 0.5 --load-time-ms 10 --keep-alive-ms 900
            --max-num-seqs 4 --max-num-queued-reqs 0 --output-tokens 64 --prefix-cache-blocks 99 --api-key k
            """);
        Assert.Equal(("http://127.0.0.1:8000", "m", 3, "k"), (options.Urls, options.Models[0], options.Seed, options.ApiKey));
        Assert.Equal(
            (120, 7.5, 2, 0.5),
            (options.TimeToFirstToken.TotalMilliseconds, options.InterTokenLatency.TotalMilliseconds,
            options.InterTokenLatencyDeviation.TotalMilliseconds, options.PrefillPerToken.TotalMilliseconds));
        Assert.Equal((10, 900), (options.LoadTime.TotalMilliseconds, options.KeepAlive.TotalMilliseconds));
        Assert.Equal(
            (4, 0, 64, 99), (options.MaxRunningSequences, options.MaxQueuedRequests, options.OutputTokens, options.PrefixCacheBlocks));
    }

    [Theory]
    [InlineData("serve Qwen/Qwen3-0.6B --host 0.0.0.0 --port 9000 --max-model-len 4096 --gpu-memory-utilization 0.9", "Qwen/Qwen3-0.6B", 4096)]
    [InlineData("Qwen/Qwen3-0.6B --enable-prefix-caching --port=9000 --max_model_len 4K -tp 2", "Qwen/Qwen3-0.6B", 4096)]
    [InlineData("--model x --served-model-name a b --port 9000 --dtype auto --max-model-len auto --override-generation-config {}", "a b", 32768)]
    public void Arguments_OfVllmServe_AreUnderstoodOrPassedOver(string arguments, string models, int length)
    {
        var options = Parse(arguments);
        Assert.Equal((models, length, "http://0.0.0.0:9000"), (string.Join(' ', options.Models), options.MaxModelLength, options.Urls));
    }

    [Theory]
    [InlineData("", null, "http://0.0.0.0:8000")]
    [InlineData("", "http://localhost:5005", "http://localhost:5005")]
    [InlineData("--port 81", "http://localhost:5005", "http://0.0.0.0:81")]
    [InlineData("--host ::1", null, "http://[::1]:8000")]
    public void Address_NotGivenAsUrl_IsVllmsOrTheOrchestrators(string arguments, string? aspnetCoreUrls, string url)
    {
        var options = CommandLine.Parse(Split(arguments)).ToOptions(name => name == "ASPNETCORE_URLS" ? aspnetCoreUrls : null);
        Assert.Equal(url, options.Urls);
    }

    [Fact]
    public void Environment_OfVllm_IsRead()
    {
        var options = CommandLine.Parse([]).ToOptions(name => name switch
        {
            "VLLM_API_KEY" => "from-environment",
            "VLLM_HTTP_TIMEOUT_KEEP_ALIVE" => "75",
            _ => null,
        });
        Assert.Equal(("from-environment", TimeSpan.FromSeconds(75)), (options.ApiKey, options.KeepAlive));
    }

    [Theory]
    [InlineData("--max-num-seqs many")]
    [InlineData("--inter-token-latency-ms fast")]
    [InlineData("--load-time-ms -5")]
    public void Value_Wrong_IsNamed(string arguments)
    {
        var exception = Assert.Throws<FormatException>(() => Parse(arguments));
        Assert.StartsWith(arguments.Split(' ')[0], exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_Asked_NamesEveryOption()
    {
        Assert.True(CommandLine.Parse(["--help"]).WantsHelp);
        Assert.Contains("--max-num-queued-reqs", CommandLine.Help, StringComparison.Ordinal);
    }

    private static VllmSecure.Simulator.SimulatorOptions Parse(string arguments) => CommandLine.Parse(Split(arguments)).ToOptions(_ => null);

    private static string[] Split(string arguments) => arguments.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
