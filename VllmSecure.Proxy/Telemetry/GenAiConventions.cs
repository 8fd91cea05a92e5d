namespace VllmSecure.Proxy.Telemetry;

/// <summary>
/// OpenTelemetry's semantic conventions for generative AI, as far as the proxy uses them. They are still in development:
/// every name, unit and bucket is here, so that a change is made in one place.
/// https://opentelemetry.io/docs/specs/semconv/gen-ai/
/// </summary>
internal static class GenAiConventions
{
    /// <summary>Seconds from the request to the end of its answer.</summary>
    public const string RequestDuration = "gen_ai.server.request.duration";

    /// <summary>Seconds from the request to its first token.</summary>
    public const string TimeToFirstToken = "gen_ai.server.time_to_first_token";

    /// <summary>Seconds for each token after the first.</summary>
    public const string TimePerOutputToken = "gen_ai.server.time_per_output_token";

    /// <summary>Tokens of one request, input and output apart.</summary>
    public const string TokenUsage = "gen_ai.client.token.usage";

    public const string OperationName = "gen_ai.operation.name";
    public const string ProviderName = "gen_ai.provider.name";
    public const string RequestModel = "gen_ai.request.model";
    public const string RequestMaxTokens = "gen_ai.request.max_tokens";
    public const string ResponseModel = "gen_ai.response.model";
    public const string FinishReasons = "gen_ai.response.finish_reasons";
    public const string InputTokens = "gen_ai.usage.input_tokens";
    public const string OutputTokens = "gen_ai.usage.output_tokens";
    public const string CachedInputTokens = "gen_ai.usage.cache_read.input_tokens";
    public const string TokenType = "gen_ai.token.type";
    public const string ErrorType = "error.type";

    /// <summary>The provider: everything behind the proxy is vLLM.</summary>
    public const string Provider = "vllm";

    public const string InputType = "input";
    public const string OutputType = "output";

    /// <summary>Not in the conventions: the part of the input that came from vLLM's prefix cache.</summary>
    public const string CachedInputType = "input_cached";

    public const string Seconds = "s";
    public const string TokenUnit = "{token}";

    /// <summary>The convention ends at 81.92 s; a reasoning model writes for longer, so three more doublings.</summary>
    public static IReadOnlyList<double> DurationBuckets { get; } =
        [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92, 163.84, 327.68, 655.36];

    /// <summary>The convention ends at 10 s; a prefill of a long prompt behind a queue takes minutes, so 30, 60 and 120.</summary>
    public static IReadOnlyList<double> FirstTokenBuckets { get; } =
        [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30, 60, 120];

    public static IReadOnlyList<double> PerTokenBuckets { get; } =
        [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5];

    /// <summary>Powers of 4.</summary>
    public static IReadOnlyList<long> TokenBuckets { get; } =
        [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];
}
