namespace VllmSecure.Simulator;

/// <summary>
/// What a simulated vLLM serves and how fast. Latencies, limits and the key may be changed while it runs and
/// hold from the next request (latencies: from the next token) on.
/// </summary>
public sealed class SimulatorOptions
{
    /// <summary>Served model names; the first is the label of the metrics, as with <c>--served-model-name</c>.</summary>
    public string[] Models { get; set; } = ["Qwen/Qwen3-0.6B"];

    /// <summary>Where to listen; one http URL. Loopback and a free port when <see langword="null"/>.</summary>
    public string? Urls { get; set; }

    /// <summary>vLLM's own <c>--api-key</c>: checked on /v1, /v2, /inference and /cohere only.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Same seed and same prompt: same text.</summary>
    public int Seed { get; set; }

    /// <summary>Says nothing but this word, for tests that look for it where it must not be; null: many words.</summary>
    public string? OnlyWord { get; set; }

    /// <summary>Time from a request's start of running to its first token, beside <see cref="PrefillPerToken"/>.</summary>
    public TimeSpan TimeToFirstToken { get; set; }

    /// <summary>Mean time between two tokens of one request.</summary>
    public TimeSpan InterTokenLatency { get; set; }

    /// <summary>Standard deviation of <see cref="InterTokenLatency"/>.</summary>
    public TimeSpan InterTokenLatencyDeviation { get; set; }

    /// <summary>Prefill time for each prompt token that is not in the prefix cache.</summary>
    public TimeSpan PrefillPerToken { get; set; }

    /// <summary>Time after start in which connections are refused, as vLLM does while it loads a model.</summary>
    public TimeSpan LoadTime { get; set; }

    /// <summary>Idle connections are closed after this long (<c>VLLM_HTTP_TIMEOUT_KEEP_ALIVE</c>).</summary>
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Requests that run at once (<c>--max-num-seqs</c>); further ones wait. Choices of one request count as one.</summary>
    public int MaxRunningSequences { get; set; } = 256;

    /// <summary>Requests that may wait (<c>--max-num-queued-reqs</c>); 0 means that none may.</summary>
    public int MaxQueuedRequests { get; set; } = int.MaxValue;

    /// <summary>Whether a request beyond <see cref="MaxQueuedRequests"/> is answered 503, or waits all the same.</summary>
    public bool RejectWhenQueueFull { get; set; } = true;

    /// <summary>Length in tokens of a completion that nothing else ends.</summary>
    public int OutputTokens { get; set; } = 16;

    /// <summary>Context length in tokens, prompt and completion together (<c>--max-model-len</c>).</summary>
    public int MaxModelLength { get; set; } = 32_768;

    /// <summary>Blocks of 16 tokens in the KV cache: what running requests hold and finished ones leave for reuse.</summary>
    public int PrefixCacheBlocks { get; set; } = 8_192;

    /// <summary>Whether usage carries <c>prompt_tokens_details</c> (<c>--enable-prompt-tokens-details</c>).</summary>
    public bool PromptTokensDetails { get; set; } = true;

    /// <summary>Numbers in an embedding that a request does not size itself.</summary>
    public int EmbeddingDimensions { get; set; } = 64;

    /// <summary>What <c>/version</c> answers.</summary>
    public string Version { get; set; } = "0.33.0";

    /// <summary>How many requests the journal keeps; older ones are dropped.</summary>
    public int JournalCapacity { get; set; } = 10_000;

    /// <summary>The clock of every latency, timeout and timestamp.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;
}
