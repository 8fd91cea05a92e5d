using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Routing;

/// <summary>
/// Ends a request whose upstream is too slow. One timer a request: when it fires it reads the exchange's timestamps and
/// either gives up or sleeps for what is left, so a stream's chunks cost no timer work.
/// </summary>
internal sealed class TimeBudgetMiddleware(RequestDelegate next, IOptions<TimeoutsOptions> options, TimeProvider clock)
{
    // YARP's part of the pipeline is put together before the host has validated the options.
    private readonly Lazy<TimeBudget> _budget = new(() => new TimeBudget(options.Value, clock));

    public async Task InvokeAsync(HttpContext context)
    {
        var exchange = ProxyExchange.Of(context);
        exchange.Timings.Forwarded = clock.GetTimestamp(); // Before the watch: the server has had nothing of the time until now.
        if (exchange.Endpoint is { Class: EndpointClass.Realtime })
        {
            // A WebSocket may rest as long as both ends like.
            await next(context);
            return;
        }

        using var watch = new TimeBudgetWatch(exchange, context.Features.GetRequiredFeature<UpstreamTry>(), _budget.Value, clock);
        await next(context);
    }
}
