using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Telemetry;

/// <summary>Model names that are safe to show.</summary>
internal sealed class ModelNames(KnownModels known)
{
    /// <summary>The model asked for; <see cref="HttpConventions.Other"/> where nobody serves it, null where none was asked for.</summary>
    public string? Requested(ProxyExchange exchange)
    {
        known.LearnFrom(exchange);
        return Bounded(exchange.Request?.Model);
    }

    /// <summary>The model that answered; null where none did.</summary>
    public string? Answered(ProxyExchange exchange) => Bounded(exchange.ResponseModel);

    private string? Bounded(string? model) => model switch
    {
        null or "" => null,
        _ when known.IsKnown(model) => model,
        _ => HttpConventions.Other,
    };
}
