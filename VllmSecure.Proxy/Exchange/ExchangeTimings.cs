namespace VllmSecure.Proxy.Exchange;

/// <summary>Instants of one exchange as <see cref="TimeProvider.GetTimestamp"/> values; 0 means not reached.</summary>
internal sealed class ExchangeTimings
{
    /// <summary>The request line and headers were read.</summary>
    public long Received { get; init; }

    /// <summary>The request was handed to an upstream (the last try).</summary>
    public long Forwarded { get; set; }

    /// <summary>The upstream's response headers came. vLLM sends them before the first token.</summary>
    public long UpstreamHeaders { get; set; }

    /// <summary>The first body byte was passed to the client.</summary>
    public long FirstByte { get; set; }

    /// <summary>The last body byte so far was passed to the client.</summary>
    public long LastByte { get; set; }

    /// <summary>The first token (a non-empty delta) was passed to the client.</summary>
    public long FirstToken { get; set; }

    /// <summary>The last token so far was passed to the client.</summary>
    public long LastToken { get; set; }
}
