using VllmSecure.Simulator.Endpoints.Adapters;
using VllmSecure.Simulator.Endpoints.Audio;
using VllmSecure.Simulator.Endpoints.Chat;
using VllmSecure.Simulator.Endpoints.Completions;
using VllmSecure.Simulator.Endpoints.Messages;
using VllmSecure.Simulator.Endpoints.Operations;
using VllmSecure.Simulator.Endpoints.Pooling;
using VllmSecure.Simulator.Endpoints.Realtime;
using VllmSecure.Simulator.Endpoints.Responses;
using VllmSecure.Simulator.Endpoints.Tokenizer;
using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator.Endpoints;

/// <summary>Every path of <c>vllm serve</c>, those that nobody should reach through a proxy included.</summary>
internal static class EndpointCatalog
{
    /// <summary>
    /// Administration, development, RL, profiling and scale-out: acknowledged under GET and POST alike, so that whatever
    /// leaks through a proxy shows as 200.
    /// </summary>
    private static readonly string[] Acknowledged =
    [
        "/abort_requests", "/scale_elastic_ep", "/is_scaling_elastic_ep", "/start_profile", "/stop_profile",
        "/fault_tolerance/apply", "/fault_tolerance/status", "/reset_mm_cache", "/reset_encoder_cache",
        "/release_kv_cache_memory", "/collective_rpc", "/init_weight_transfer_engine", "/start_weight_update",
        "/start_draft_weight_update", "/update_weights", "/finish_weight_update", "/update_weight_version",
        "/weight_info", "/weight_checker", "/get_world_size", "/generative_scoring", "/static",
        "/v1/chat/completions/batch", "/v1/chat/completions/render", "/v1/chat/completions/derender",
        "/v1/completions/render", "/v1/completions/derender", "/inference/v1/generate", "/v2/embed", "/cohere/v2/chat",
    ];

    public static EndpointTable Create()
    {
        var table = new EndpointTable();
        AddInference(table);
        AddTokenizer(table);
        AddOperations(table);
        foreach (var path in Acknowledged)
        {
            table.Both(path, OperationsEndpoint.AcknowledgeAsync);
        }

        return table;
    }

    private static void AddInference(EndpointTable table)
    {
        table.Get("/v1/models", ModelsEndpoint.HandleAsync);
        table.Inference("/v1/chat/completions", ChatEndpoint.HandleAsync);
        table.Inference("/v1/completions", CompletionsEndpoint.HandleAsync);
        table.Inference("/v1/responses", ResponsesEndpoint.HandleAsync);
        table.Get("/v1/responses/{id}", ResponsesEndpoint.GetAsync);
        table.Post("/v1/responses/{id}/cancel", ResponsesEndpoint.CancelAsync);
        table.Inference("/v1/messages", MessagesEndpoint.HandleAsync);
        table.Inference("/v1/messages/count_tokens", MessagesEndpoint.CountAsync);
        table.Inference("/v1/embeddings", EmbeddingsEndpoint.EmbedAsync);
        table.Inference("/pooling", EmbeddingsEndpoint.PoolAsync);
        table.Inference("/classify", EmbeddingsEndpoint.ClassifyAsync);
        table.Inference("/v1/score", ScoreEndpoint.ScoreAsync);
        table.Inference("/score", ScoreEndpoint.ScoreAsync);
        table.Inference("/v1/rerank", ScoreEndpoint.RerankAsync);
        table.Inference("/v2/rerank", ScoreEndpoint.RerankAsync);
        table.Inference("/rerank", ScoreEndpoint.RerankAsync);
        table.Inference("/v1/audio/transcriptions", AudioEndpoint.HandleAsync);
        table.Inference("/v1/audio/translations", AudioEndpoint.HandleAsync);
        table.Get("/v1/realtime", RealtimeEndpoint.HandleAsync);
        table.Inference("/invocations", InvocationsEndpoint.HandleAsync);
    }

    private static void AddTokenizer(EndpointTable table)
    {
        table.Post("/tokenize", TokenizerEndpoint.TokenizeAsync);
        table.Post("/detokenize", TokenizerEndpoint.DetokenizeAsync);
        table.Get("/tokenizer_info", TokenizerEndpoint.InfoAsync);
    }

    private static void AddOperations(EndpointTable table)
    {
        table.Get("/health", HealthEndpoint.HandleAsync);
        table.Both("/ping", HealthEndpoint.HandleAsync);
        table.Get("/version", OperationsEndpoint.VersionAsync);
        table.Get("/load", OperationsEndpoint.LoadAsync);
        table.Get("/metrics", MetricsEndpoint.HandleAsync);
        table.Get("/openapi.json", OpenApiEndpoint.Of(table));
        table.Get("/docs", OperationsEndpoint.DocsAsync);
        table.Get("/redoc", OperationsEndpoint.DocsAsync);
        table.Get("/server_info", OperationsEndpoint.ServerInfoAsync);
        table.Post("/v1/load_lora_adapter", AdaptersEndpoint.LoadAsync);
        table.Post("/v1/unload_lora_adapter", AdaptersEndpoint.UnloadAsync);
        table.Both("/reset_prefix_cache", OperationsEndpoint.ResetPrefixCacheAsync);
        table.Both("/sleep", OperationsEndpoint.Switch("is_sleeping", on: true));
        table.Both("/wake_up", OperationsEndpoint.Switch("is_sleeping", on: false));
        table.Get("/is_sleeping", OperationsEndpoint.Tell("is_sleeping"));
        table.Both("/pause", OperationsEndpoint.Switch("is_paused", on: true));
        table.Both("/resume", OperationsEndpoint.Switch("is_paused", on: false));
        table.Get("/is_paused", OperationsEndpoint.Tell("is_paused"));
    }
}
