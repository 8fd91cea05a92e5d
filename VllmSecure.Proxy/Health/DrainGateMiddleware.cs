using VllmSecure.Proxy.Errors;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Health;

/// <summary>The door that closes at shutdown and on command: while the listener is still open, new work gets a clear 503 and goes elsewhere.</summary>
internal sealed class DrainGateMiddleware(RequestDelegate next, RunningRequests running)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var exchange = ProxyExchange.Of(context);
        if (!running.TryEnter())
        {
            if (!HttpProtocol.IsHttp2(context.Request.Protocol) && !HttpProtocol.IsHttp3(context.Request.Protocol))
            {
                context.Response.Headers.Connection = "close"; // Elsewhere it is invalid, and Kestrel warns of each.
            }

            exchange.Outcome = ExchangeOutcome.Drained;
            await context.WriteErrorAsync(running.IsStopping ? ApiErrors.ShuttingDown : ApiErrors.Draining);
            return;
        }

        try
        {
            await using var cut = running.CutWithDrain(exchange);
            await next(context);
        }
        finally
        {
            running.Leave();
        }
    }
}
