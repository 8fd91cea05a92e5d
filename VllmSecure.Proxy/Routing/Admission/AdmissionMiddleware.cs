using System.Globalization;
using VllmSecure.Proxy.Errors;
using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Routing.Choice;

namespace VllmSecure.Proxy.Routing.Admission;

/// <summary>Finds the servers that may serve a request, and holds it back while all of them are full.</summary>
internal sealed class AdmissionMiddleware(RequestDelegate next, RequestRouter router, Lazy<AdmissionGate> gate, AdmissionMetrics metrics)
{
    /// <summary>Milliseconds that the request waited; absent where it need not.</summary>
    private const string QueueTimeHeader = "X-Queue-Time";

    public async Task InvokeAsync(HttpContext context)
    {
        var exchange = ProxyExchange.Of(context);
        var route = await router.RouteAsync(exchange);
        if (!gate.Value.Guards(exchange))
        {
            context.Features.Set(route);
            await next(context);
            return;
        }

        using var ticket = await EnterAsync(context, exchange, route);
        if (ticket is null)
        {
            return;
        }

        context.Features.Set(ticket);
        await next(context);
    }

    private async Task<AdmissionTicket?> EnterAsync(HttpContext context, ProxyExchange exchange, RequestRoute route)
    {
        AdmissionAnswer answer;
        try
        {
            answer = await gate.Value.EnterAsync(exchange, route);
        }
        finally
        {
            if (exchange.QueueTime is { } waited)
            {
                metrics.Waited(waited);
                context.Response.Headers[QueueTimeHeader] = Math.Ceiling(waited.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
            }
        }

        if (answer.Ticket is null)
        {
            await context.WriteErrorAsync(AdmissionErrors.Overloaded(answer.RetryAfter));
        }

        context.Features.Set(answer.Route);
        return answer.Ticket;
    }
}
