using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Errors;

/// <summary>Answers a request with an error, and writes the refusal on the exchange.</summary>
internal static class ApiErrorWriter
{
    /// <summary>
    /// Writes the error. Once the response has started nothing can be said any more: the connection is aborted, so that
    /// the client cannot take a cut answer for a whole one. Only a stream that has told the failure itself ends in order.
    /// </summary>
    public static Task WriteErrorAsync(this HttpContext context, ApiError error)
    {
        var response = context.Response;
        var exchange = context.Features.Get<ProxyExchange>();
        if (response.HasStarted)
        {
            if (exchange is not { FailureTold: true })
            {
                context.Abort();
            }

            return Task.CompletedTask;
        }

        if (exchange is not null)
        {
            exchange.Outcome = OutcomeOf(error, exchange);
            exchange.RefusedBy ??= error.Code;
        }

        var dialect = exchange?.Endpoint?.Dialect ?? ApiEndpoint.DialectOf(context.Request.Path.Value);
        var body = ApiErrorBody.Serialize(error, dialect);
        response.StatusCode = error.Status;
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        if (error.RetryAfter is { } retryAfter)
        {
            var seconds = Math.Max(1, (long)Math.Ceiling(retryAfter.TotalSeconds));
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (EndsConnection(context))
        {
            response.Headers.Connection = "close";
        }

        // RFC 9110 section 9.3.2: a HEAD answer has the headers and no body.
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : response.Body.WriteAsync(body, CancellationToken.None).AsTask();
    }

    /// <summary>
    /// Whether the server will close the connection behind this answer, because a body comes that it may not read: no endpoint has set
    /// a limit. Unless it is told, a client sends its next request on that connection, and loses it.
    /// </summary>
    private static bool EndsConnection(HttpContext context) =>
        !HttpProtocol.IsHttp2(context.Request.Protocol) && !HttpProtocol.IsHttp3(context.Request.Protocol)
        && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { MaxRequestBodySize: 0 }
        && context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true };

    private static ExchangeOutcome OutcomeOf(ApiError error, ProxyExchange exchange)
    {
        if (exchange.AbortReason is { } reason)
        {
            return reason;
        }

        return error.Status switch
        {
            429 => ExchangeOutcome.Throttled,
            < 500 => ExchangeOutcome.Refused,
            500 => ExchangeOutcome.ProxyFailed,
            504 => ExchangeOutcome.TimedOut,
            _ => exchange.Outcome == ExchangeOutcome.Drained ? ExchangeOutcome.Drained : ExchangeOutcome.UpstreamFailed,
        };
    }
}
