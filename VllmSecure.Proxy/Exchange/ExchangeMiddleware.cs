using Microsoft.AspNetCore.Http.Features;

namespace VllmSecure.Proxy.Exchange;

/// <summary>
/// Opens the exchange: gives the request its id, binds it to its listener, and puts one abort token in place of the
/// server's. A connection without a listener feature came in on no listener of ours and is dropped.
/// </summary>
internal sealed class ExchangeMiddleware(RequestDelegate next, TimeProvider clock)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var listener = context.Features.Get<ListenerFeature>();
        if (listener is null)
        {
            context.Abort();
            return;
        }

        var serverAborted = context.RequestAborted;
        using var exchange = new ProxyExchange(RequestIds.Create(), listener.Role, clock.GetTimestamp(), serverAborted);
        context.Features.Set(exchange);
        context.TraceIdentifier = exchange.RequestId;
        context.Response.Headers["X-Request-Id"] = exchange.RequestId;
        context.RequestAborted = exchange.Aborted;

        var body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        context.Features.Set<IHttpResponseBodyFeature>(
            new StreamResponseBodyFeature(new MeteredResponseStream(body.Stream, exchange, clock), body));
        try
        {
            await next(context);
        }
        finally
        {
            context.Features.Set(body);
            context.RequestAborted = serverAborted;
        }
    }
}
