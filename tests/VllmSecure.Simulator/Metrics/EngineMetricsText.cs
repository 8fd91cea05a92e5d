using System.Globalization;
using VllmSecure.Simulator.Engine;

namespace VllmSecure.Simulator.Metrics;

/// <summary>The engine's figures under vLLM's names (v1/metrics/loggers.py).</summary>
internal static class EngineMetricsText
{
    public static string Write(InferenceEngine engine, SimulatorOptions options)
    {
        var text = new PrometheusText($"engine=\"0\",model_name=\"{PrometheusText.Escape(options.Models[0])}\"");
        var metrics = engine.Metrics;
        text.Gauge("vllm:num_requests_running", "Number of requests in model execution batches.", engine.Scheduler.Running);
        text.Gauge("vllm:num_requests_waiting", "Number of requests waiting to be processed.", engine.Scheduler.Waiting);
        text.Gauge("vllm:kv_cache_usage_perc", "KV-cache usage. 1 means 100 percent usage.", engine.KvCacheUsage);
        text.Gauge("vllm:cache_config_info", "Information of the LLMEngine CacheConfig", 1, CacheLabels(options));
        text.Gauge(
            "vllm:lora_requests_info", "Running stats on lora requests.", 1, ",max_lora=\"0\",running_lora_adapters=\"\",waiting_lora_adapters=\"\"");
        text.Counter("vllm:prefix_cache_queries", "Prefix cache queries, in terms of number of queried tokens.", ("", metrics.PromptTokens));
        text.Counter("vllm:prefix_cache_hits", "Prefix cache hits, in terms of number of cached tokens.", ("", metrics.CachedTokens));
        text.Counter("vllm:num_preemptions", "Cumulative number of preemption from the engine.", ("", 0));
        text.Counter("vllm:prompt_tokens", "Number of prefill tokens processed.", ("", metrics.PromptTokens));
        text.Counter("vllm:generation_tokens", "Number of generation tokens processed.", ("", metrics.GeneratedTokens));
        text.Counter("vllm:request_success", "Count of successfully processed requests.", metrics.Finished
            .OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => ($",finished_reason=\"{pair.Key}\"", pair.Value)));
        text.Histogram("vllm:time_to_first_token_seconds", "Histogram of time to first token in seconds.", metrics.TimeToFirstToken);
        text.Histogram("vllm:inter_token_latency_seconds", "Histogram of inter-token latency in seconds.", metrics.InterTokenLatency);
        text.Histogram("vllm:e2e_request_latency_seconds", "Histogram of e2e request latency in seconds.", metrics.EndToEnd);
        text.Histogram("vllm:request_queue_time_seconds", "Histogram of time spent in WAITING phase for request.", metrics.QueueTime);
        return text.ToString();
    }

    private static string CacheLabels(SimulatorOptions options) => string.Create(
        CultureInfo.InvariantCulture,
        $",block_size=\"{PrefixCache.BlockSize}\",enable_prefix_caching=\"True\",num_gpu_blocks=\"{options.PrefixCacheBlocks}\"");
}
