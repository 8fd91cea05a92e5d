using VllmSecure.Proxy.Exchange;
using static VllmSecure.Proxy.Exchange.EndpointClass;

namespace VllmSecure.Proxy.ApiSurface;

/// <summary>
/// Every HTTP endpoint of <c>vllm serve</c>, read from its source (vllm/entrypoints, v0.27 to v0.33) and from its security
/// guide, which asks for an explicit allowlist in front of it. What is not in this table does not exist for a client.
/// </summary>
internal static class VllmEndpoints
{
    private const string Get = "GET";
    private const string Post = "POST";
    private const string Delete = "DELETE";

    public static IReadOnlyList<ApiEndpoint> All { get; } =
    [
        .. OpenAI(), .. Anthropic(), .. Pooling(),
        new("/tokenize", Tokenizer, Post) { Format = WireFormat.Json },
        new("/detokenize", Tokenizer, Post) { Format = WireFormat.Json },
        new("/v1/realtime", Realtime, Get),
        .. Closed(Operations, Get, "/health", "/ping", "/version", "/load", "/metrics", "/docs", "/redoc", "/openapi.json", "/static", "/tokenizer_info"),

        // SageMaker's entry takes the body of any endpoint (CVE-2026-22778 went through it), so no rule can be sure what it reads.
        .. Closed(Operations, Post, "/invocations"),
        .. Closed(Administration, Post,
            "/v1/load_lora_adapter", "/v1/unload_lora_adapter", "/scale_elastic_ep", "/is_scaling_elastic_ep",
            "/start_profile", "/stop_profile", "/fault_tolerance/apply", "/fault_tolerance/status",
            "/abort_requests", "/inference/v1/generate",
            "/v1/chat/completions/render", "/v1/completions/render", "/v1/chat/completions/derender", "/v1/completions/derender"),
        .. Closed(Development, Post,
            "/reset_prefix_cache", "/reset_mm_cache", "/reset_encoder_cache", "/sleep", "/wake_up", "/release_kv_cache_memory",
            "/collective_rpc", "/pause", "/resume", "/init_weight_transfer_engine", "/start_weight_update",
            "/start_draft_weight_update", "/update_weights", "/finish_weight_update", "/update_weight_version", "/weight_checker"),
        .. Closed(Development, Get, "/server_info", "/is_sleeping", "/is_paused", "/weight_info", "/get_world_size"),
    ];

    private static IEnumerable<ApiEndpoint> OpenAI() =>
    [
        new("/v1/models", Models, Get),
        new("/v1/models/{id}", Models, Get),
        new("/v1/chat/completions", Inference, Post) { Format = WireFormat.ChatCompletions, Operation = "chat", AcceptsMedia = true },
        new("/v1/chat/completions/batch", Inference, Post) { Format = WireFormat.ChatCompletions, Operation = "chat", AcceptsMedia = true },
        new("/v1/completions", Inference, Post) { Format = WireFormat.Completions, Operation = "text_completion" },
        new("/v1/responses", Inference, Post) { Format = WireFormat.Responses, Operation = "chat", AcceptsMedia = true },
        new("/v1/responses/{id}", Inference, Get, Delete) { Format = WireFormat.Responses, IsStateful = true },
        new("/v1/responses/{id}/cancel", Inference, Post) { Format = WireFormat.Responses, IsStateful = true },
        new("/v1/embeddings", Inference, Post) { Format = WireFormat.Embeddings, Operation = "embeddings", AcceptsMedia = true },
        new("/v1/audio/transcriptions", Inference, Post) { Format = WireFormat.Form, Operation = "transcription", AcceptsMedia = true },
        new("/v1/audio/translations", Inference, Post) { Format = WireFormat.Form, Operation = "translation", AcceptsMedia = true },
    ];

    private static IEnumerable<ApiEndpoint> Anthropic() =>
    [
        new("/v1/messages", Inference, Post) { Format = WireFormat.Messages, Operation = "chat", AcceptsMedia = true },
        new("/v1/messages/count_tokens", Inference, Post) { Format = WireFormat.Messages, AcceptsMedia = true },
    ];

    private static IEnumerable<ApiEndpoint> Pooling() =>
    [
        new("/v1/score", Inference, Post) { Format = WireFormat.Json, Operation = "score" },
        new("/score", Inference, Post) { Format = WireFormat.Json, Operation = "score" },
        new("/generative_scoring", Inference, Post) { Format = WireFormat.Json, Operation = "score" },
        new("/v1/rerank", Inference, Post) { Format = WireFormat.Json, Operation = "rerank" },
        new("/v2/rerank", Inference, Post) { Format = WireFormat.Json, Operation = "rerank" },
        new("/rerank", Inference, Post) { Format = WireFormat.Json, Operation = "rerank" },
        new("/pooling", Inference, Post) { Format = WireFormat.Json, Operation = "embeddings" },
        new("/classify", Inference, Post) { Format = WireFormat.Json, Operation = "classify" },
        new("/v2/embed", Inference, Post) { Format = WireFormat.Json, Operation = "embeddings" },
        new("/cohere/v2/chat", Inference, Post) { Format = WireFormat.Json, Operation = "chat" },
    ];

    private static IEnumerable<ApiEndpoint> Closed(EndpointClass endpointClass, string method, params string[] paths) =>
        paths.Select(path => new ApiEndpoint(path, endpointClass, method));
}
