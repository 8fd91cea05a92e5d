using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Telemetry;

namespace VllmSecure.Proxy.Usage;

/// <summary>Books each request of a known key that got as far as a model. What was refused or throttled used nothing.</summary>
internal sealed class UsageMiddleware(RequestDelegate next, UsageLedger ledger, ModelNames models)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        finally
        {
            var exchange = ProxyExchange.Of(context);
            if (exchange is { Client: { } client, Endpoint.Operation: not null, Outcome: not (ExchangeOutcome.Refused or ExchangeOutcome.Throttled) })
            {
                ledger.Add(client.KeyId, models.Requested(exchange) ?? HttpConventions.Other, exchange.Usage);
            }
        }
    }
}
