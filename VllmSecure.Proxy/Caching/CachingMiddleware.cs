using System.Globalization;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Errors;
using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Telemetry;

namespace VllmSecure.Proxy.Caching;

/// <summary>Answers requests that repeat from memory, and lets equal ones that come at once wait for the first.</summary>
internal sealed class CachingMiddleware(RequestDelegate next, AnswerStore store, Flights flights, IOptions<CachingOptions> options, TimeProvider clock)
{
    private const string EventStream = "text/event-stream";

    public Task InvokeAsync(HttpContext context)
    {
        var exchange = ProxyExchange.Of(context);
        return options.Value.Enabled && CacheRules.Repeats(exchange, options.Value) && !CacheRules.ForbidsStoring(context.Request.Headers)
            ? AnswerAsync(context, exchange)
            : next(context);
    }

    private async Task AnswerAsync(HttpContext context, ProxyExchange exchange)
    {
        var owner = options.Value.SharedBetweenKeys ? null : exchange.Client?.KeyId ?? string.Empty;
        var key = CacheKey.Of(exchange.Endpoint!, owner, exchange.Body!);
        if (CacheRules.WantsFresh(context.Request.Headers))
        {
            await AskAsync(context, exchange, key);
        }
        else if (store.Find(key) is { } known)
        {
            await ReplayAsync(context, exchange, known);
        }
        else if (exchange.Request!.Stream)
        {
            await AskAsync(context, exchange, key);
        }
        else
        {
            await ShareAsync(context, exchange, key);
        }
    }

    /// <summary>Waits for an equal request that is under way, or is the one that others wait for.</summary>
    private async Task ShareAsync(HttpContext context, ProxyExchange exchange, CacheKey key)
    {
        while (true)
        {
            var flight = flights.Find(key, exchange, out var isOwn);
            if (isOwn)
            {
                await FlyAsync(context, exchange, key, flight);
                return;
            }

            if (!flight.TryJoin())
            {
                await flight.Landed.WaitAsync(exchange.Aborted); // All have left it: it is gone in a moment.
                continue;
            }

            if (await WaitAsync(flight, exchange.Aborted) is { } answer)
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

    private static async Task<CachedAnswer?> WaitAsync(Flight flight, CancellationToken aborted)
    {
        try
        {
            return await flight.Landed.WaitAsync(aborted);
        }
        catch (OperationCanceledException)
        {
            flight.Leave();
            throw;
        }
    }

    private async Task FlyAsync(HttpContext context, ProxyExchange exchange, CacheKey key, Flight flight)
    {
        CachedAnswer? answer = null;
        try
        {
            // An equal flight may have landed between the look into the store and the start of this one.
            answer = store.Find(key);
            if (answer is null)
            {
                answer = await AskAsync(context, exchange, key);
            }
            else
            {
                await ReplayAsync(context, exchange, answer);
            }
        }
        finally
        {
            flights.Remove(key, flight);
            flight.Land(answer);
        }

        if (exchange.HasClientLeft && flight.Waiting > 0)
        {
            exchange.Outcome = ExchangeOutcome.ClientLeft; // It went on for others.
        }
    }

    /// <summary>Asks vLLM, and keeps its answer if it is whole; null: it is not.</summary>
    private async Task<CachedAnswer?> AskAsync(HttpContext context, ProxyExchange exchange, CacheKey key)
    {
        var copy = new ResponseCopy(options.Value.MaxAnswerKilobytes * 1024);
        exchange.ResponseCopy = copy;
        context.Response.Headers[CacheHeader.Name] = CacheHeader.Miss;
        try
        {
            await next(context);
        }
        finally
        {
            exchange.ResponseCopy = null;
        }

        if (copy.Bytes is not { } bytes || ForwarderErrorMapping.TryGet(context, out _, out _) || !CacheRules.IsWhole(exchange, context.Response, bytes.Span))
        {
            return null;
        }

        var answer = new CachedAnswer(bytes.ToArray(), context.Response.ContentType ?? "application/json", exchange.ResponseModel, exchange.FinishReason, clock.GetTimestamp());
        store.Store(key, answer);
        return answer;
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
