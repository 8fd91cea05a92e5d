using System.Globalization;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Telemetry;

/// <summary>The words for an outcome in metrics, traces and the access log.</summary>
internal static class OutcomeNames
{
    public static string Of(ExchangeOutcome outcome) => outcome switch
    {
        ExchangeOutcome.Ok => "ok",
        ExchangeOutcome.ClientLeft => "client_left",
        ExchangeOutcome.UpstreamFailed => "upstream_failed",
        ExchangeOutcome.TimedOut => "timed_out",
        ExchangeOutcome.Throttled => "throttled",
        ExchangeOutcome.Refused => "refused",
        ExchangeOutcome.Drained => "drained",
        _ => "proxy_failed",
    };

    /// <summary>Who ended the request, by finishing an answer or otherwise: <c>upstream</c>, <c>client</c>, <c>timeout</c>, <c>drain</c> or <c>proxy</c>.</summary>
    public static string EndedBy(ProxyExchange exchange) => exchange.Outcome switch
    {
        ExchangeOutcome.Ok when exchange.Upstream is null => "proxy",
        ExchangeOutcome.Ok or ExchangeOutcome.UpstreamFailed => "upstream",
        ExchangeOutcome.ClientLeft => "client",
        ExchangeOutcome.TimedOut => "timeout",
        ExchangeOutcome.Drained => "drain",
        _ => "proxy",
    };

    /// <summary>
    /// <c>error.type</c> of the conventions: the outcome, or the status of an error that vLLM gave by itself; null where
    /// nothing went wrong.
    /// </summary>
    public static string? ErrorType(ExchangeOutcome outcome, int? status) => outcome switch
    {
        not ExchangeOutcome.Ok => Of(outcome),
        _ when status is >= StatusCodes.Status400BadRequest and var error => error.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };
}
