using System.Collections.Frozen;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Telemetry;

/// <summary>
/// The path of a request as logs and spans may show it. Anything can stand in a path, a key or an id of a stored answer
/// as well; but what an operator looks for is a wrong base URL (<c>/v1/v1/chat/completions</c>), which consists of known
/// words.
/// </summary>
internal static class SafePath
{
    /// <summary>Takes the place of a segment that is not a known word.</summary>
    public const string Hidden = "*";

    /// <summary>The rest of a longer path says nothing more.</summary>
    private const int MaxSegments = 8;

    /// <summary>Words of OpenAI's, Anthropic's and vLLM's paths, administration included, and of usual wrong guesses.</summary>
    private static readonly FrozenSet<string> Words = new[]
    {
        "api", "openai", "anthropic", "v1", "v2", "v3", "chat", "completions", "responses", "cancel", "messages", "count_tokens",
        "models", "embeddings", "audio", "transcriptions", "translations", "speech", "images", "generations", "batch", "batches",
        "files", "assistants", "threads", "moderations", "realtime", "score", "rerank", "pooling", "classify", "embed", "cohere",
        "invocations", "tokenize", "detokenize", "tokenizer_info", "health", "live", "ready", "ping", "version", "load", "metrics",
        "status", "docs", "redoc", "openapi.json", "load_lora_adapter", "unload_lora_adapter", "server_info", "sleep", "wake_up",
        "inference", "generate", "generative_scoring", "render", "derender", "abort_requests", "scale_elastic_ep", "is_scaling_elastic_ep",
        "start_profile", "stop_profile", "fault_tolerance", "apply", "reset_prefix_cache", "reset_mm_cache", "reset_encoder_cache",
        "is_sleeping", "release_kv_cache_memory", "collective_rpc", "pause", "resume", "is_paused", "update_weights", "weight_info",
        "favicon.ico", "robots.txt", ".well-known",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The endpoint's own path or template; for an unknown endpoint the path with its unknown segments hidden.</summary>
    public static string Of(ApiEndpoint? endpoint, PathString path) => endpoint?.Path ?? Mask(path.Value);

    private static string Mask(string? path)
    {
        if (string.IsNullOrEmpty(path) || path == "/")
        {
            return "/";
        }

        var segments = path.Split('/', MaxSegments + 2).Skip(1).Take(MaxSegments);
        return "/" + string.Join('/', segments.Select(segment => segment.Length == 0 || Words.Contains(segment) ? segment : Hidden));
    }
}
