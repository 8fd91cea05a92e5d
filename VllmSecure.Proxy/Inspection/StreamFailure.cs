using VllmSecure.Proxy.Errors;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Inspection;

/// <summary>The last words of a stream that failed, as each API's clients know them.</summary>
internal static class StreamFailure
{
    /// <summary>An event that SDKs raise as an error; OpenAI's streams then end with <c>[DONE]</c>, as vLLM's own do.</summary>
    public static byte[] Format(ExchangeOutcome? abortReason, ErrorDialect dialect)
    {
        var error = abortReason switch
        {
            ExchangeOutcome.TimedOut => ApiErrors.UpstreamTimedOut,
            ExchangeOutcome.Drained => ApiErrors.ShuttingDown,
            _ => ApiErrors.UpstreamFailed,
        };
        var json = ApiErrorBody.Serialize(error, dialect);
        return dialect == ErrorDialect.Anthropic
            ? [.. "event: error\ndata: "u8, .. json, .. "\n\n"u8]
            : [.. "data: "u8, .. json, .. "\n\ndata: [DONE]\n\n"u8];
    }
}
