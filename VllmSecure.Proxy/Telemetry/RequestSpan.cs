using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Telemetry;

/// <summary>
/// The server span of a request in the words of the GenAI conventions: <c>chat MODEL</c>. Facts only; nothing that
/// a client wrote freely (path, query, host, user agent).
/// </summary>
internal sealed class RequestSpan(ModelNames models, TimeProvider clock)
{
    /// <summary>The span of the request; null where it is not sampled.</summary>
    public static Activity? Of(HttpContext context) =>
        context.Features.Get<IHttpActivityFeature>()?.Activity is { IsAllDataRequested: true } span ? span : null;

    /// <summary>Notes something that happened to the request (a name of <see cref="TelemetryNames"/>), with the present time.</summary>
    public static void AddEvent(HttpContext context, string name) => Of(context)?.AddEvent(new ActivityEvent(name));

    /// <summary>Takes the span out of its trace's records, with all that would hang below it.</summary>
    public static void Drop(HttpContext context)
    {
        if (Of(context) is { } span)
        {
            span.IsAllDataRequested = false;
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }

    /// <summary>Names the span of a request that is over, and writes its attributes.</summary>
    public void Describe(HttpContext context, ProxyExchange exchange, int? status)
    {
        if (Of(context) is not { } span)
        {
            return;
        }

        DescribeHttp(span, context, exchange);
        DescribeModel(span, exchange);
        DescribeEnd(span, exchange, status);
    }

    private static void DescribeHttp(Activity span, HttpContext context, ProxyExchange exchange)
    {
        // ASP.NET Core 11 writes what the client sent (path, query, host, user agent) by itself.
        while (FirstTag(span) is { } name)
        {
            span.SetTag(name, null);
        }

        var request = context.Request;
        var (method, path) = (HttpConventions.Method(request.Method), SafePath.Of(exchange.Endpoint, request.Path));
        span.DisplayName = $"{method} {path}";
        Add(span, HttpConventions.RequestMethod, method);
        Add(span, HttpConventions.UrlScheme, request.Scheme);
        Add(span, HttpConventions.UrlPath, path);
        Add(span, HttpConventions.Route, exchange.Endpoint?.Path);
        Add(span, HttpConventions.ProtocolVersion, HttpConventions.Version(request.Protocol));
        Add(span, TelemetryNames.RequestIdAttribute, exchange.RequestId);
        Add(span, TelemetryNames.KeyAttribute, exchange.Client?.KeyId);
        Add(span, TelemetryNames.UpstreamAttribute, exchange.Upstream);
    }

    private static string? FirstTag(Activity span)
    {
        foreach (ref readonly var tag in span.EnumerateTagObjects())
        {
            return tag.Key;
        }

        return null;
    }

    private void DescribeModel(Activity span, ProxyExchange exchange)
    {
        if (exchange.Endpoint?.Operation is not { } operation)
        {
            return;
        }

        var model = models.Requested(exchange);
        span.DisplayName = model is null ? operation : $"{operation} {model}";
        Add(span, GenAiConventions.OperationName, operation);
        Add(span, GenAiConventions.ProviderName, GenAiConventions.Provider);
        Add(span, GenAiConventions.RequestModel, model);
        Add(span, GenAiConventions.RequestMaxTokens, exchange.Request?.MaxOutputTokens);
        Add(span, TelemetryNames.StreamAttribute, exchange.Request?.Stream);
        Add(span, GenAiConventions.ResponseModel, models.Answered(exchange));
        Add(span, GenAiConventions.FinishReasons, FinishReasons.Bounded(exchange.FinishReason) is { } reason ? new[] { reason } : null);
        if (exchange.Usage is { } usage)
        {
            Add(span, GenAiConventions.InputTokens, usage.Input);
            Add(span, GenAiConventions.OutputTokens, usage.Output);
            Add(span, GenAiConventions.CachedInputTokens, usage.CachedInput);
        }
    }

    private void DescribeEnd(Activity span, ProxyExchange exchange, int? status)
    {
        Add(span, HttpConventions.StatusCode, status);
        Add(span, TelemetryNames.OutcomeAttribute, OutcomeNames.Of(exchange.Outcome));
        Add(span, TelemetryNames.RuleAttribute, exchange.RefusedBy);
        Add(span, GenAiConventions.ErrorType, OutcomeNames.ErrorType(exchange.Outcome, status));
        if (IsServersFault(exchange.Outcome) || status >= StatusCodes.Status500InternalServerError)
        {
            // Also where the status says 200: vLLM reports an error in mid-stream as an event.
            span.SetStatus(ActivityStatusCode.Error);
        }

        if (exchange.Timings.FirstToken != 0)
        {
            var wait = clock.GetElapsedTime(exchange.Timings.Received, exchange.Timings.FirstToken);
            Add(span, TelemetryNames.TimeToFirstTokenAttribute, wait.TotalSeconds);
            span.AddEvent(new ActivityEvent(TelemetryNames.FirstTokenEvent, new DateTimeOffset(span.StartTimeUtc + wait)));
        }

        if (exchange.Outcome == ExchangeOutcome.Throttled)
        {
            span.AddEvent(new ActivityEvent(TelemetryNames.ThrottledEvent));
        }
    }

    private static bool IsServersFault(ExchangeOutcome outcome) => outcome is
        ExchangeOutcome.UpstreamFailed or ExchangeOutcome.TimedOut or ExchangeOutcome.Drained or ExchangeOutcome.ProxyFailed;

    /// <summary>Each attribute is written once, so there is none to look for and replace.</summary>
    private static void Add(Activity span, string name, object? value)
    {
        if (value is not null)
        {
            span.AddTag(name, value);
        }
    }
}
