using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Telemetry;

/// <summary>Detaches the client's trace context on the way in and records the metrics of the request on the way out.</summary>
internal sealed class TelemetryMiddleware(RequestDelegate next, RequestMetrics metrics, RequestSpan span)
{
    private const string EventStream = "text/event-stream";

    public async Task InvokeAsync(HttpContext context)
    {
        var exchange = ProxyExchange.Of(context);
        ClientTraceContext.Detach(context.Request.Headers, RequestSpan.Of(context));
        if (exchange.Listener != ListenerRole.Inference)
        {
            RequestSpan.Drop(context);
            await next(context);
            return;
        }

        var (streams, isOver) = (false, false);
        context.Response.OnStarting(() =>
        {
            // An answer without a body starts only once the pipeline has returned: nobody would count it as closed.
            if (!isOver && context.Response.ContentType?.StartsWith(EventStream, StringComparison.OrdinalIgnoreCase) == true)
            {
                streams = true;
                metrics.StreamOpened();
            }

            return Task.CompletedTask;
        });

        metrics.Opened();
        try
        {
            await next(context);
        }
        finally
        {
            isOver = true;
            if (streams)
            {
                metrics.StreamClosed();
            }

            var status = ResponseStatus.Of(context, exchange);
            metrics.Completed(exchange, status);
            span.Describe(context, exchange, status);
        }
    }
}
