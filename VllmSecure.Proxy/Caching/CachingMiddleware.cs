using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Errors;
using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Telemetry;

namespace VllmSecure.Proxy.Caching;

/// <summary>Answers requests that repeat from memory, and lets equal ones that come at once wait for the first.</summary>
internal sealed class CachingMiddleware(RequestDelegate next, AnswerStore store, IOptions<CachingOptions> options, TimeProvider clock)
{
    private const string EventStream = "text/event-stream";

    private readonly ConcurrentDictionary<CacheKey, Flight> _flights = new();

    public async Task InvokeAsync(HttpContext context)
    {
        var exchange = ProxyExchange.Of(context);
        if (!options.Value.Enabled || !CacheRules.Repeats(exchange, options.Value) || CacheRules.ForbidsStoring(context.Request.Headers))
        {
            await next(context);
            return;
        }

        var owner = options.Value.SharedBetweenKeys ? null : exchange.Client?.KeyId ?? string.Empty;
        var key = CacheKey.Of(exchange.Endpoint!, owner, exchange.Body!);
        var isFreshWanted = CacheRules.WantsFresh(context.Request.Headers);
        while (true)
        {
            if (!isFreshWanted && store.Find(key) is { } known)
            {
                await ReplayAsync(context, exchange, known);
                return;
            }

            var own = new Flight();
            var flight = isFreshWanted || exchange.Request!.Stream ? own : _flights.GetOrAdd(key, own);
            if (ReferenceEquals(flight, own))
            {
                await FlyAsync(context, exchange, key, own, mayBeKnown: !isFreshWanted);
                return;
            }

            if (!await flight.Landed.WaitAsync(exchange.Aborted))
            {
                continue;
            }

            if (flight.Answer is { } answer)
            {
                await ReplayAsync(context, exchange, answer);
            }
            else
            {
                // What is not kept (an error, too long) is everybody's own.
                context.Response.Headers[CacheHeader.Name] = CacheHeader.Miss;
                await next(context);
            }

            return;
        }
    }

    private async Task FlyAsync(HttpContext context, ProxyExchange exchange, CacheKey key, Flight flight, bool mayBeKnown)
    {
        // An equal flight may have landed between the look into the store and the start of this one.
        if (mayBeKnown && store.Find(key) is { } known)
        {
            _flights.TryRemove(KeyValuePair.Create(key, flight));
            flight.Land(known, isAnswered: true);
            await ReplayAsync(context, exchange, known);
            return;
        }

        var copy = new ResponseCopy(options.Value.MaxAnswerKilobytes * 1024);
        exchange.ResponseCopy = copy;
        context.Response.Headers[CacheHeader.Name] = CacheHeader.Miss;
        CachedAnswer? answer = null;
        try
        {
            await next(context);
            if (copy.Bytes is { } bytes && !ForwarderErrorMapping.TryGet(context, out _, out _) && CacheRules.IsWhole(exchange, context.Response, bytes.Span))
            {
                answer = new CachedAnswer(bytes.ToArray(), context.Response.ContentType ?? "application/json", exchange.ResponseModel, exchange.FinishReason, clock.GetTimestamp());
                store.Store(key, answer);
            }
        }
        finally
        {
            exchange.ResponseCopy = null;
            _flights.TryRemove(KeyValuePair.Create(key, flight));
            flight.Land(answer, isAnswered: answer is not null || !exchange.Aborted.IsCancellationRequested);
        }
    }

    private async Task ReplayAsync(HttpContext context, ProxyExchange exchange, CachedAnswer answer)
    {
        var age = (long)clock.GetElapsedTime(answer.StoredAt).TotalSeconds;
        var response = context.Response;
        response.ContentType = answer.ContentType;
        response.Headers[CacheHeader.Name] = CacheHeader.Hit;
        response.Headers.Age = age.ToString(CultureInfo.InvariantCulture);
        if (answer.ContentType.StartsWith(EventStream, StringComparison.OrdinalIgnoreCase))
        {
            response.Headers.CacheControl = "no-cache";
            response.Headers["X-Accel-Buffering"] = "no";
        }
        else
        {
            response.ContentLength = answer.Body.Length;
        }

        exchange.ResponseModel = answer.Model;
        exchange.FinishReason = answer.FinishReason;
        exchange.Usage = default(TokenUsage); // Nothing was computed, so nothing is charged.
        RequestSpan.AddEvent(context, TelemetryNames.CacheHitEvent);
        await response.Body.WriteAsync(answer.Body, exchange.Aborted);
    }
}
