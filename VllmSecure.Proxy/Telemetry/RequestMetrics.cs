using System.Diagnostics;
using System.Diagnostics.Metrics;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Telemetry;

/// <summary>
/// The instruments of requests. Every label is bounded: models by <see cref="KnownModels"/>, keys by their ids, rules and
/// outcomes by the code. Keys are on counters only: a histogram per key and model would be thousands of series.
/// </summary>
internal sealed class RequestMetrics
{
    /// <summary>More than any context window: a limit beyond it says nothing.</summary>
    private const long MaxCredibleTokens = 10_000_000;

    private readonly ModelNames _models;
    private readonly TimeProvider _clock;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _firstToken;
    private readonly Histogram<double> _perToken;
    private readonly Histogram<long> _usage;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _tokens;
    private readonly Counter<long> _notGenerated;

    // Read when somebody collects them: sums without labels of the request need no instrument on its way.
    private long _requestsOpen;
    private long _streamsOpen;
    private long _bytesReceived;
    private long _bytesSent;

    public RequestMetrics(IMeterFactory meters, ModelNames models, TimeProvider clock)
    {
        _models = models;
        _clock = clock;
        var meter = meters.Create(TelemetryNames.Meter);
        _duration = meter.CreateHistogram(
            GenAiConventions.RequestDuration, GenAiConventions.Seconds, "Time from the request to the end of its answer.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = GenAiConventions.DurationBuckets });
        _firstToken = meter.CreateHistogram(
            GenAiConventions.TimeToFirstToken, GenAiConventions.Seconds, "Time from the request to its first token.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = GenAiConventions.FirstTokenBuckets });
        _perToken = meter.CreateHistogram(
            GenAiConventions.TimePerOutputToken, GenAiConventions.Seconds, "Time for each token after the first.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = GenAiConventions.PerTokenBuckets });
        _usage = meter.CreateHistogram(
            GenAiConventions.TokenUsage, GenAiConventions.TokenUnit, "Tokens of one request.",
            advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = GenAiConventions.TokenBuckets });
        _requests = meter.CreateCounter<long>(TelemetryNames.Requests, "{request}", "Requests by how they ended.");
        _tokens = meter.CreateCounter<long>(TelemetryNames.Tokens, GenAiConventions.TokenUnit, "Tokens by model and key.");
        _notGenerated = meter.CreateCounter<long>(
            TelemetryNames.TokensNotGenerated, GenAiConventions.TokenUnit, "Tokens that were still allowed when the client left.");
        meter.CreateObservableCounter(TelemetryNames.Bytes, ObserveBytes, "By", "Bytes of bodies.");
        meter.CreateObservableUpDownCounter(TelemetryNames.RequestsOpen, () => Interlocked.Read(ref _requestsOpen), "{request}", "Requests in flight.");
        meter.CreateObservableUpDownCounter(TelemetryNames.StreamsOpen, () => Interlocked.Read(ref _streamsOpen), "{stream}", "Answers being streamed.");
    }

    public void Opened() => Interlocked.Increment(ref _requestsOpen);

    public void StreamOpened() => Interlocked.Increment(ref _streamsOpen);

    public void StreamClosed() => Interlocked.Decrement(ref _streamsOpen);

    /// <summary>Records a request that is over.</summary>
    public void Completed(ProxyExchange exchange, int? status)
    {
        var model = _models.Requested(exchange);
        if (exchange.Endpoint?.Operation is { } operation)
        {
            RecordInference(exchange, operation, model, OutcomeNames.ErrorType(exchange.Outcome, status));
        }

        Interlocked.Add(ref _bytesReceived, exchange.Request?.BodyBytes ?? 0);
        Interlocked.Add(ref _bytesSent, exchange.ResponseBytes);
        CountNotGenerated(exchange, model);
        CountRequest(exchange, status, model);
        Interlocked.Decrement(ref _requestsOpen);
    }

    private void CountRequest(ProxyExchange exchange, int? status, string? model)
    {
        var tags = new TagList { { TelemetryNames.OutcomeAttribute, OutcomeNames.Of(exchange.Outcome) } };
        if (status is { } code)
        {
            tags.Add(HttpConventions.StatusCode, code);
        }

        AddIfKnown(ref tags, TelemetryNames.RuleAttribute, exchange.RefusedBy);
        AddIfKnown(ref tags, GenAiConventions.OperationName, exchange.Endpoint?.Operation);
        AddIfKnown(ref tags, GenAiConventions.RequestModel, model);
        AddIfKnown(ref tags, TelemetryNames.KeyAttribute, exchange.Client?.KeyId);
        AddIfKnown(ref tags, TelemetryNames.UpstreamAttribute, exchange.Upstream);
        _requests.Add(1, tags);
    }

    /// <summary>Without a limit in the request nobody knows how much more there would have been.</summary>
    private void CountNotGenerated(ProxyExchange exchange, string? model)
    {
        if (exchange is not { Outcome: ExchangeOutcome.ClientLeft, Upstream: not null, Request: { MaxOutputTokens: { } limit } request })
        {
            return;
        }

        // The limit is the client's number too: in 128 bits the product cannot overflow.
        var left = ((Int128)limit * request.Answers) - (exchange.Usage?.Output ?? exchange.TokenEvents);
        if (left <= 0 || left > MaxCredibleTokens)
        {
            return;
        }

        var tags = default(TagList);
        AddIfKnown(ref tags, GenAiConventions.RequestModel, model);
        _notGenerated.Add((long)left, tags);
    }

    private Measurement<long>[] ObserveBytes() =>
    [
        new(Interlocked.Read(ref _bytesReceived), new KeyValuePair<string, object?>(TelemetryNames.DirectionAttribute, "received")),
        new(Interlocked.Read(ref _bytesSent), new KeyValuePair<string, object?>(TelemetryNames.DirectionAttribute, "sent")),
    ];

    private void RecordInference(ProxyExchange exchange, string operation, string? model, string? errorType)
    {
        var tags = new TagList
        {
            { GenAiConventions.OperationName, operation },
            { GenAiConventions.ProviderName, GenAiConventions.Provider },
        };
        AddIfKnown(ref tags, GenAiConventions.RequestModel, model);
        AddIfKnown(ref tags, GenAiConventions.ResponseModel, _models.Answered(exchange));

        RecordTokens(exchange, tags, model);
        RecordPace(exchange, tags);
        AddIfKnown(ref tags, GenAiConventions.ErrorType, errorType);
        _duration.Record(_clock.GetElapsedTime(exchange.Timings.Received).TotalSeconds, tags);
    }

    private void RecordPace(ProxyExchange exchange, in TagList tags)
    {
        var timings = exchange.Timings;
        if (timings.FirstToken == 0)
        {
            return;
        }

        _firstToken.Record(_clock.GetElapsedTime(timings.Received, timings.FirstToken).TotalSeconds, tags);
        if (exchange.Usage is { Output: > 1 } usage && timings.LastToken > timings.FirstToken)
        {
            var seconds = _clock.GetElapsedTime(timings.FirstToken, timings.LastToken).TotalSeconds;
            _perToken.Record(seconds / (usage.Output - 1), tags);
        }
    }

    private void RecordTokens(ProxyExchange exchange, in TagList tags, string? model)
    {
        if (exchange.Usage is { } usage)
        {
            RecordUsage(usage.Input, GenAiConventions.InputType, tags);
            RecordUsage(usage.Output, GenAiConventions.OutputType, tags);
            CountTokens(usage.Input, GenAiConventions.InputType, exchange, model);
            CountTokens(usage.Output, GenAiConventions.OutputType, exchange, model);
            CountTokens(usage.CachedInput, GenAiConventions.CachedInputType, exchange, model);
        }
    }

    private void RecordUsage(long tokens, string type, TagList tags)
    {
        tags.Add(GenAiConventions.TokenType, type);
        _usage.Record(tokens, tags);
    }

    private void CountTokens(long tokens, string type, ProxyExchange exchange, string? model)
    {
        if (tokens <= 0)
        {
            return;
        }

        var tags = new TagList { { GenAiConventions.TokenType, type } };
        AddIfKnown(ref tags, GenAiConventions.RequestModel, model);
        AddIfKnown(ref tags, TelemetryNames.KeyAttribute, exchange.Client?.KeyId);
        _tokens.Add(tokens, tags);
    }

    private static void AddIfKnown(ref TagList tags, string name, string? value)
    {
        if (value is not null)
        {
            tags.Add(name, value);
        }
    }
}
