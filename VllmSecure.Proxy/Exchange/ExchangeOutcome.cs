namespace VllmSecure.Proxy.Exchange;

/// <summary>How a request ended: what the access log, the metrics and the health of upstreams go by.</summary>
internal enum ExchangeOutcome
{
    /// <summary>A whole answer was passed on (also an error answer that vLLM gave by itself).</summary>
    Ok,

    /// <summary>The client closed its connection or reset its stream.</summary>
    ClientLeft,

    /// <summary>The upstream was not reachable, broke off, or reported an error inside a stream.</summary>
    UpstreamFailed,

    /// <summary>One of the proxy's time budgets ran out.</summary>
    TimedOut,

    /// <summary>A quota or the admission control turned the request away (429).</summary>
    Throttled,

    /// <summary>A rule of the proxy refused the request; <see cref="ProxyExchange.RefusedBy"/> names it.</summary>
    Refused,

    /// <summary>The proxy was shutting down.</summary>
    Drained,

    /// <summary>A defect of the proxy itself.</summary>
    ProxyFailed,
}
