namespace VllmSecure.Proxy.Telemetry;

/// <summary>
/// Names of the proxy's own meter, activity source, instruments, attributes and span events. Dashboards and alert rules
/// hold on to them, so a name is never changed, only added.
/// </summary>
internal static class TelemetryNames
{
    /// <summary>The meter of every instrument of the proxy.</summary>
    public const string Meter = "VllmSecure.Proxy";

    /// <summary>The activity source of the proxy's own spans.</summary>
    public const string ActivitySource = "VllmSecure.Proxy";

    /// <summary>Counter of requests by outcome, rule, operation, model, key and status.</summary>
    public const string Requests = "vllm_secure.requests";

    /// <summary>Requests in flight on the inference listener.</summary>
    public const string RequestsOpen = "vllm_secure.requests.open";

    /// <summary>Answers being streamed now.</summary>
    public const string StreamsOpen = "vllm_secure.streams.open";

    /// <summary>Body bytes, by direction.</summary>
    public const string Bytes = "vllm_secure.body.size";

    /// <summary>Tokens as vLLM counted them, by type, model and key.</summary>
    public const string Tokens = "vllm_secure.tokens";

    /// <summary>Tokens that a request could still have had when its client left, and that were not generated.</summary>
    public const string TokensNotGenerated = "vllm_secure.tokens.not_generated";

    /// <summary>Lines of the access log that were dropped because a sink was too slow or failed, by sink.</summary>
    public const string AccessLogDropped = "vllm_secure.access_log.dropped";

    /// <summary>How a request ended: <see cref="OutcomeNames"/>.</summary>
    public const string OutcomeAttribute = "vllm_secure.outcome";

    /// <summary>The error code of the rule that refused or throttled a request.</summary>
    public const string RuleAttribute = "vllm_secure.rule";

    /// <summary>The id of the API key, never the key.</summary>
    public const string KeyAttribute = "vllm_secure.key_id";

    /// <summary>The name of the upstream.</summary>
    public const string UpstreamAttribute = "vllm_secure.upstream";

    /// <summary>The request id, as in X-Request-Id and the access log.</summary>
    public const string RequestIdAttribute = "vllm_secure.request_id";

    /// <summary>Whether the client asked for a stream.</summary>
    public const string StreamAttribute = "vllm_secure.stream";

    /// <summary>Seconds from the request to its first token.</summary>
    public const string TimeToFirstTokenAttribute = "vllm_secure.time_to_first_token";

    /// <summary><c>received</c> from clients or <c>sent</c> to them.</summary>
    public const string DirectionAttribute = "vllm_secure.direction";

    /// <summary>The sink of the access log.</summary>
    public const string SinkAttribute = "vllm_secure.sink";

    /// <summary>Span event: the first token went to the client.</summary>
    public const string FirstTokenEvent = "vllm_secure.first_token";

    /// <summary>Span event: a quota or the admission control turned the request away.</summary>
    public const string ThrottledEvent = "vllm_secure.throttled";

    /// <summary>Span event: the answer came from the cache.</summary>
    public const string CacheHitEvent = "vllm_secure.cache_hit";

    /// <summary>Span event: the request was handed to another upstream.</summary>
    public const string RetryEvent = "vllm_secure.retry";
}
