using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Telemetry;

/// <summary>The status that the client was given.</summary>
internal static class ResponseStatus
{
    /// <summary>Null where the client left before there was an answer: ASP.NET Core's unsent 200 would be a lie.</summary>
    public static int? Of(HttpContext context, ProxyExchange exchange) =>
        exchange.Outcome == ExchangeOutcome.ClientLeft && !context.Response.HasStarted ? null : context.Response.StatusCode;
}
