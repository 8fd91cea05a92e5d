using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Errors;

/// <summary>
/// Makes every failure the error JSON that SDKs parse, where YARP, Kestrel or a defect would send an empty body, and
/// settles the outcome of the exchange.
/// </summary>
internal sealed partial class ErrorsMiddleware(RequestDelegate next, ILogger<ErrorsMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var exchange = ProxyExchange.Of(context);
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException exception)
        {
            await context.WriteErrorAsync(ApiErrors.ForStatus(exception.StatusCode));
            return;
        }
        catch (OperationCanceledException) when (exchange.Aborted.IsCancellationRequested)
        {
            await EndAbortedAsync(context, exchange);
            return;
        }
        catch (Exception exception) when (exchange.Aborted.IsCancellationRequested)
        {
            Log.FailedAfterAbort(logger, exchange.RequestId, exception.GetType().Name);
            await EndAbortedAsync(context, exchange);
            return;
        }
#pragma warning disable CA1031 // The last line of defence: whatever went wrong becomes a 500 in the error shape.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            // Not the exception's message: it may quote what the client sent.
            Log.Unhandled(logger, exchange.RequestId, exception.GetType().FullName, exception.StackTrace);
            await context.WriteErrorAsync(ApiErrors.InternalError);
            exchange.Outcome = ExchangeOutcome.ProxyFailed;
            return;
        }

        await SettleAsync(context, exchange);
    }

    private static async Task SettleAsync(HttpContext context, ProxyExchange exchange)
    {
        if (ForwarderErrorMapping.TryGet(context, out var outcome, out var error))
        {
            if (outcome == ExchangeOutcome.ClientLeft && exchange.AbortReason is not null)
            {
                await EndAbortedAsync(context, exchange);
                return;
            }

            if (!context.Response.HasStarted && outcome != ExchangeOutcome.ClientLeft)
            {
                await context.WriteErrorAsync(error);
            }

            exchange.Outcome = outcome;
            return;
        }

        var response = context.Response;
        if (!response.HasStarted && response.StatusCode >= StatusCodes.Status400BadRequest && response.ContentLength is null or 0)
        {
            await context.WriteErrorAsync(ApiErrors.ForStatus(response.StatusCode));
            if (exchange.Timings.UpstreamHeaders != 0)
            {
                // The status is the upstream's: no rule of the proxy has refused the request, nor has the proxy failed.
                (exchange.Outcome, exchange.RefusedBy) = (response.StatusCode >= StatusCodes.Status500InternalServerError ? ExchangeOutcome.UpstreamFailed : ExchangeOutcome.Ok, null);
            }
        }
    }

    private static async Task EndAbortedAsync(HttpContext context, ProxyExchange exchange)
    {
        switch (exchange.AbortReason)
        {
            case ExchangeOutcome.TimedOut:
                await context.WriteErrorAsync(ApiErrors.UpstreamTimedOut);
                break;
            case ExchangeOutcome.Drained:
                await context.WriteErrorAsync(ApiErrors.ShuttingDown);
                break;
            default:
                exchange.Outcome = ExchangeOutcome.ClientLeft;
                return;
        }

        exchange.Outcome = exchange.AbortReason.Value;
    }
}
