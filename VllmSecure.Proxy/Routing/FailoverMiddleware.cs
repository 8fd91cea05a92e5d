using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using VllmSecure.Proxy.Errors;
using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Routing.Admission;
using VllmSecure.Proxy.Routing.Balancing;
using VllmSecure.Proxy.Routing.Choice;
using VllmSecure.Proxy.Routing.Health;
using VllmSecure.Proxy.Routing.Servers;
using VllmSecure.Proxy.Telemetry;
using Yarp.ReverseProxy.Forwarder;

namespace VllmSecure.Proxy.Routing;

/// <summary>
/// Sends the request to a server, and to another one while nothing of an answer has come. An engine may then do work twice;
/// the client never sees two answers.
/// </summary>
internal sealed class FailoverMiddleware(RequestDelegate next, RequestRouter router, ServerBalancer balancer, IOptions<RoutingOptions> options)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var exchange = ProxyExchange.Of(context);
        var route = context.Features.GetRequiredFeature<RequestRoute>();
        var ticket = context.Features.Get<AdmissionTicket>();
        for (var tries = 1; ; tries++)
        {
            // One with room first; but a request that was let on is not held up again.
            if (((ticket is null ? null : route.Next(ticket.HasRoom)) ?? route.Next()) is not { } stage)
            {
                await context.WriteErrorAsync(ApiErrors.NoUpstream);
                return;
            }

            var (server, tokens) = balancer.Choose(context, exchange, stage.Servers, stage.Model, route.HasOneServer);
            route.Tried(server);
            var mayRetry = tries < options.Value.MaxTries && route.HasUntried(static _ => true) && IsRepeatable(context.Request);
            var attempt = await TryAsync(context, exchange, server, tokens, stage.Model, mayRetry);
            if (!mayRetry || !HasFailedBeforeItsAnswer(context, exchange, attempt))
            {
                return;
            }

            // The try may have lasted for minutes: servers have come, gone, fallen ill or been drained meanwhile.
            route = route.Renew(router.Route(exchange));
            if (!route.HasUntried(static _ => true))
            {
                return;
            }

            StartOver(context, exchange);
            RequestSpan.AddEvent(context, TelemetryNames.RetryEvent);
        }
    }

    private async Task<UpstreamTry> TryAsync(HttpContext context, ProxyExchange exchange, UpstreamServer server, long tokens, string? model, bool mayRetry)
    {
        if (model is not null && exchange.Body is { } body && (exchange.Request?.Model != model || body.IsEdited("model")))
        {
            body.SetMember("model", JsonSerializer.SerializeToUtf8Bytes(model, RoutingJson.Default.String));
        }

        context.ReassignProxyRequest(server.Cluster);
        context.GetReverseProxyFeature().AvailableDestinations = server.Destination;
        exchange.Upstream = server.Upstream;
        exchange.Server = server.Name;
        exchange.ServerWasFailing = server.LastLook is { Failure: not null };
        using var lease = server.Enter(tokens);
        var attempt = new UpstreamTry { MayRetry = mayRetry, Lease = lease };
        context.Features.Set(attempt);
        exchange.FirstTokenCame = lease.IsTrial ? lease.PassTrial : null;
        context.Features.Get<AdmissionTicket>()?.Sent();
        var headers = context.Response.Headers.ToArray();
        await next(context);
        Restore(context, headers);
        lease.Verdict = Judge(context, exchange, attempt);
        return attempt;
    }

    private static TryVerdict Judge(HttpContext context, ProxyExchange exchange, UpstreamTry attempt)
    {
        if (!ForwarderErrorMapping.TryGet(context, out var outcome, out _))
        {
            // A queue that is full is no defect, and an engine that is dead shows in its health. What an error within a
            // stream says is not known: it may be the request's own. 501 is vLLM's answer to what it does not support.
            return attempt.WasBusy || exchange.ToldError || context.Response.StatusCode == StatusCodes.Status503ServiceUnavailable ? TryVerdict.Unknown
                : context.Response.StatusCode is >= StatusCodes.Status500InternalServerError and not StatusCodes.Status501NotImplemented ? TryVerdict.Failure
                : TryVerdict.Success;
        }

        return attempt.HasStalled || (outcome is ExchangeOutcome.UpstreamFailed or ExchangeOutcome.TimedOut && exchange.AbortReason is null)
            ? TryVerdict.Failure
            : TryVerdict.Unknown;
    }

    private static bool HasFailedBeforeItsAnswer(HttpContext context, ProxyExchange exchange, UpstreamTry attempt) =>
        !context.Response.HasStarted
        && IsRepeatable(context.Request)
        && !exchange.Aborted.IsCancellationRequested
        && (attempt.WasBusy
            || (context.Features.Get<IForwarderErrorFeature>() is { Error: ForwarderError.Request or ForwarderError.RequestTimedOut or ForwarderError.RequestBodyDestination }
                && ForwarderErrorMapping.TryGet(context, out var outcome, out _)
                && outcome == ExchangeOutcome.UpstreamFailed));

    /// <summary>A body that was not read whole is gone once it has been sent, any other once its answer has come.</summary>
    private static bool IsRepeatable(HttpRequest request) => request.Body.CanSeek || HttpMethods.IsGet(request.Method);

    /// <summary>The forwarder clears the headers of an answer that it gives up; those that the proxy itself has set stay.</summary>
    private static void Restore(HttpContext context, KeyValuePair<string, StringValues>[] headers)
    {
        if (context.Response.HasStarted || context.Features.Get<IForwarderErrorFeature>() is null)
        {
            return;
        }

        foreach (var (name, value) in headers)
        {
            context.Response.Headers[name] = value;
        }
    }

    private static void StartOver(HttpContext context, ProxyExchange exchange)
    {
        context.Features.Set<IForwarderErrorFeature>(null);
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = null; // Of the answer that was thrown away.
        exchange.Timings.UpstreamHeaders = 0;
        if (context.Request.Body.CanSeek)
        {
            context.Request.Body.Position = 0;
        }
    }
}
