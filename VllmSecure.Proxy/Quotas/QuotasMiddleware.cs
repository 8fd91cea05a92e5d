using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Errors;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Quotas;

/// <summary>Reserves what a request may take before it goes on, and settles it by what it took, however it ends.</summary>
internal sealed class QuotasMiddleware(RequestDelegate next, IQuotaStore store, IOptions<QuotasOptions> options)
{
    private readonly QuotasOptions _options = options.Value;

    public Task InvokeAsync(HttpContext context)
    {
        var exchange = ProxyExchange.Of(context);
        var claims = QuotaClaims.Of(exchange.Client, _options);
        return claims.Count == 0 ? next(context) : InvokeAsync(context, exchange, claims);
    }

    private async Task InvokeAsync(HttpContext context, ProxyExchange exchange, IReadOnlyList<QuotaClaim> claims)
    {
        var estimate = QuotaEstimate.Of(exchange, _options.AssumedOutputTokens);
        var answer = await store.TryAcquireAsync(claims, estimate.Total, context.RequestAborted);
        RateLimitHeaders.Write(context.Response.Headers, answer);
        if (answer.Lease is not { } lease)
        {
            await context.WriteErrorAsync(QuotaErrors.For(answer.Refusal!));
            return;
        }

        try
        {
            await next(context);
        }
        finally
        {
            await store.SettleAsync(lease, QuotaSettlement.Tokens(exchange, estimate, context.Response.StatusCode));
        }
    }
}
