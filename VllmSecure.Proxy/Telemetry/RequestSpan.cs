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
        while (FirstTagToRemove(span) is { } name)
        {
            span.SetTag(name, null);
        }

        var request = context.Request;
        var (method, path) = (HttpConventions.Method(request.Method), SafePath.Of(exchange.Endpoint, request.Path));
        span.DisplayName = $"{method} {path}";
        span.SetTag(HttpConventions.RequestMethod, method);
        span.SetTag(HttpConventions.UrlScheme, request.Scheme);
        span.SetTag(HttpConventions.UrlPath, path);
        span.SetTag(HttpConventions.Route, exchange.Endpoint?.Path);
        span.SetTag(HttpConventions.ProtocolVersion, HttpConventions.Version(request.Protocol));
        span.SetTag(TelemetryNames.RequestIdAttribute, exchange.RequestId);
        span.SetTag(TelemetryNames.KeyAttribute, exchange.Client?.KeyId);
        span.SetTag(TelemetryNames.UpstreamAttribute, exchange.Upstream);
    }

    private static string? FirstTagToRemove(Activity span)
    {
        foreach (ref readonly var tag in span.EnumerateTagObjects())
        {
            if (!HttpConventions.Harmless.Contains(tag.Key))
            {
                return tag.Key;
            }
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
        span.SetTag(GenAiConventions.OperationName, operation);
        span.SetTag(GenAiConventions.ProviderName, GenAiConventions.Provider);
        span.SetTag(GenAiConventions.RequestModel, model);
        span.SetTag(GenAiConventions.RequestMaxTokens, exchange.Request?.MaxOutputTokens);
        span.SetTag(TelemetryNames.StreamAttribute, exchange.Request?.Stream);
        span.SetTag(GenAiConventions.ResponseModel, models.Answered(exchange));
        span.SetTag(GenAiConventions.FinishReasons, FinishReasons.Bounded(exchange.FinishReason) is { } reason ? new[] { reason } : null);
        if (exchange.Usage is { } usage)
        {
            span.SetTag(GenAiConventions.InputTokens, usage.Input);
            span.SetTag(GenAiConventions.OutputTokens, usage.Output);
            span.SetTag(GenAiConventions.CachedInputTokens, usage.CachedInput);
        }
    }

    private void DescribeEnd(Activity span, ProxyExchange exchange, int? status)
    {
        span.SetTag(HttpConventions.StatusCode, status);
        span.SetTag(TelemetryNames.OutcomeAttribute, OutcomeNames.Of(exchange.Outcome));
        span.SetTag(TelemetryNames.RuleAttribute, exchange.RefusedBy);
        span.SetTag(GenAiConventions.ErrorType, OutcomeNames.ErrorType(exchange.Outcome, status));
        if (IsServersFault(exchange.Outcome) || status >= StatusCodes.Status500InternalServerError)
        {
            // Also where the status says 200: vLLM reports an error in mid-stream as an event.
            span.SetStatus(ActivityStatusCode.Error);
        }

        if (exchange.Timings.FirstToken != 0)
        {
            var wait = clock.GetElapsedTime(exchange.Timings.Received, exchange.Timings.FirstToken);
            span.SetTag(TelemetryNames.TimeToFirstTokenAttribute, wait.TotalSeconds);
            span.AddEvent(new ActivityEvent(TelemetryNames.FirstTokenEvent, new DateTimeOffset(span.StartTimeUtc + wait)));
        }

        if (exchange.Outcome == ExchangeOutcome.Throttled)
        {
            span.AddEvent(new ActivityEvent(TelemetryNames.ThrottledEvent));
        }
    }

    private static bool IsServersFault(ExchangeOutcome outcome) => outcome is
        ExchangeOutcome.UpstreamFailed or ExchangeOutcome.TimedOut or ExchangeOutcome.Drained or ExchangeOutcome.ProxyFailed;
}
