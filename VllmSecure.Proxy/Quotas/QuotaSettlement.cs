using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Quotas;

/// <summary>What a request is charged in the end.</summary>
internal static class QuotaSettlement
{
    /// <summary>
    /// vLLM's own count where it gave one. Where the client left before that, or the answer was cut: the prompt as
    /// estimated and the tokens seen, since leaving early must not make an answer free. Nothing for what vLLM never got
    /// or refused. Where vLLM works on in the background, all that was reserved.
    /// </summary>
    /// <param name="exchange">The request, after the pipeline has returned.</param>
    /// <param name="estimate">What was reserved for it.</param>
    /// <param name="status">The HTTP status of the answer.</param>
    public static long Tokens(ProxyExchange exchange, QuotaEstimate estimate, int status)
    {
        if (exchange.Endpoint is { IsStateful: true })
        {
            return 0; // What a kept answer took was charged when it was made.
        }

        if (exchange.Usage is { } usage)
        {
            return Math.Max(0, usage.Total);
        }

        var wasCut = exchange.Aborted.IsCancellationRequested;
        if (exchange.Timings.Forwarded == 0 || (status >= StatusCodes.Status400BadRequest && !wasCut))
        {
            return 0;
        }

        return exchange.RunsOn ? estimate.Total : estimate.Input + exchange.TokenEvents;
    }
}
