using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using VllmSecure.Proxy.Errors;
using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Routing.Health;
using Yarp.ReverseProxy.Transforms;

namespace VllmSecure.Proxy.Routing;

/// <summary>Passes the allowed response headers on, and marks streams so that nothing in front of us buffers them.</summary>
internal sealed class UpstreamResponseTransform(TimeProvider clock) : ResponseTransform
{
    private const string EventStream = "text/event-stream";

    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        if (context.ProxyResponse is not { } upstream)
        {
            return ValueTask.CompletedTask;
        }

        var attempt = context.HttpContext.Features.Get<UpstreamTry>();
        if (upstream.StatusCode == HttpStatusCode.SwitchingProtocols)
        {
            attempt?.Lease.EndTrial(TryVerdict.Unknown); // A WebSocket may rest for hours, and proves no engine by being taken.
        }

        if (upstream.StatusCode == HttpStatusCode.ServiceUnavailable && attempt is { MayRetry: true })
        {
            // Its queue is full, or its engine dead: somebody else is asked, and nothing of this answer may be seen.
            attempt.WasBusy = true;
            context.SuppressResponseBody = true;
            return ValueTask.CompletedTask;
        }

        var exchange = ProxyExchange.Of(context.HttpContext);
        exchange.Timings.UpstreamHeaders = clock.GetTimestamp();
        ReleaseRequest(context.HttpContext.Request, exchange);
        var headers = context.HttpContext.Response.Headers;
        Copy(upstream.Headers, headers);
        Copy(upstream.Content.Headers, headers);
        if (upstream.Content.Headers.ContentType?.MediaType == EventStream)
        {
            headers.CacheControl = "no-cache";
            headers["X-Accel-Buffering"] = "no";
            headers.ContentLength = null;
        }

        return (int)upstream.StatusCode >= StatusCodes.Status400BadRequest ? ApplyErrorAsync(context, upstream) : ValueTask.CompletedTask;
    }

    /// <summary>An error in vLLM's words goes on; for any other one the proxy's own words are written once the forwarder has returned.</summary>
    private static async ValueTask ApplyErrorAsync(ResponseTransformContext context, HttpResponseMessage upstream)
    {
        var response = context.HttpContext.Response;
        if (upstream.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests && response.Headers.RetryAfter.Count == 0)
        {
            response.Headers.RetryAfter = ApiErrors.UpstreamRetrySeconds;
        }

        if (upstream.StatusCode == HttpStatusCode.Unauthorized)
        {
            // It is the proxy's key that was refused: the client's is in order, and it must not look for another one.
            response.StatusCode = StatusCodes.Status502BadGateway;
            context.HttpContext.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = null;
        }
        else if (await UpstreamErrorBody.IsErrorObjectAsync(upstream.Content, context.HttpContext.RequestAborted))
        {
            return;
        }

        context.SuppressResponseBody = true;
        foreach (var header in upstream.Content.Headers.NonValidated)
        {
            if (header.Key != HeaderNames.Allow)
            {
                response.Headers.Remove(header.Key);
            }
        }
    }

    /// <summary>Nobody sends the request again: a stream of minutes need not keep the prompt it came from in memory.</summary>
    private static void ReleaseRequest(HttpRequest request, ProxyExchange exchange)
    {
        if (request.Body is { CanSeek: true } body && body.Position == body.Length)
        {
            body.Dispose();
            exchange.Body = null;
        }
    }

    private static void Copy(HttpHeaders from, IHeaderDictionary to)
    {
        foreach (var header in from.NonValidated)
        {
            if (ForwardedHeaders.Response.Contains(header.Key))
            {
                to[header.Key] = header.Value.Count == 1 ? header.Value.ToString() : new StringValues([.. header.Value]);
            }
        }
    }
}
