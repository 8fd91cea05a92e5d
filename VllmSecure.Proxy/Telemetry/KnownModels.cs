using System.Collections.Frozen;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Telemetry;

/// <summary>
/// The models that the upstreams serve: the only model names that may become a label, a span's name or a field of the
/// access log. A client can write anything into <c>model</c>: a million names, or a secret. Names are learnt from the
/// upstreams' listings and from their answers, and never forgotten: a label that was used stays one.
/// </summary>
internal sealed class KnownModels
{
    /// <summary>Far more than one front door serves, LoRA adapters included; a guard against an upstream that answers to every name.</summary>
    public const int MaxModels = 500;

    private readonly Lock _lock = new();
    private volatile FrozenSet<string> _models = FrozenSet<string>.Empty;

    public bool IsKnown(string model) => _models.Contains(model);

    /// <summary>Adds models of an upstream's listing, or aliases of the configuration.</summary>
    public void Learn(params IEnumerable<string> models)
    {
        lock (_lock)
        {
            var unknown = models.Where(model => !_models.Contains(model)).Take(MaxModels - _models.Count).ToList();
            if (unknown.Count > 0)
            {
                _models = _models.Concat(unknown).ToFrozenSet(StringComparer.Ordinal);
            }
        }
    }

    /// <summary>Learns from an answer: vLLM gives one only to the names it serves, and repeats the name.</summary>
    public void LearnFrom(ProxyExchange exchange)
    {
        if (exchange is { Outcome: ExchangeOutcome.Ok, Request.Model: { Length: > 0 } model }
            && exchange.ResponseModel == model
            && !IsKnown(model))
        {
            Learn(model);
        }
    }
}
