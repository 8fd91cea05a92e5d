using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.Net.Http.Headers;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Caching;

/// <summary>Which requests have an answer that repeats, and which answers are whole.</summary>
internal static class CacheRules
{
    private static readonly FrozenSet<string> ScorePaths =
        FrozenSet.Create(StringComparer.Ordinal, "/v1/score", "/score", "/v1/rerank", "/v2/rerank", "/rerank");

    /// <summary>Whether the same request again has the same answer.</summary>
    public static bool Repeats(ProxyExchange exchange, CachingOptions options) => exchange switch
    {
        { Endpoint: null } or { Body: null } or { Request: null } => false,
        { Endpoint.Format: WireFormat.Embeddings } => true,
        { Endpoint.Format: WireFormat.ChatCompletions or WireFormat.Completions } => options.Generations && IsDeterministic(exchange.Body),
        _ => ScorePaths.Contains(exchange.Endpoint.Path),
    };

    /// <summary>Whether the client forbids to keep anything of the exchange (RFC 9111 section 5.2.1.5).</summary>
    public static bool ForbidsStoring(IHeaderDictionary headers) => Says(headers, CacheControlHeaderValue.NoStoreString);

    /// <summary>Whether the client wants a fresh answer (RFC 9111 section 5.2.1.4).</summary>
    public static bool WantsFresh(IHeaderDictionary headers) => Says(headers, CacheControlHeaderValue.NoCacheString);

    /// <summary>Whether an answer is whole and good; vLLM ends a failed stream with status 200, and an aborted one with a finish reason.</summary>
    public static bool IsWhole(ProxyExchange exchange, HttpResponse response, ReadOnlySpan<byte> answer)
    {
        if (exchange.Outcome != ExchangeOutcome.Ok || exchange.Aborted.IsCancellationRequested
            || response.StatusCode != StatusCodes.Status200OK || answer.IsEmpty || ForbidsStoring(response.Headers)
            || response.Headers.ContentEncoding.Count > 0) // What is encoded was not read, and the encoding is not kept.
        {
            return false;
        }

        if (exchange.Endpoint?.Format is not (WireFormat.ChatCompletions or WireFormat.Completions))
        {
            return exchange.Request is { Stream: false };
        }

        return exchange.FinishReason is "stop" or "length" or "tool_calls"
            && (exchange.Request is not { Stream: true } || answer.TrimEnd("\r\n"u8).EndsWith("data: [DONE]"u8));
    }

    private static bool IsDeterministic(RequestBody body) =>
        (TryGetNumber(body, "temperature", out var temperature) && temperature == 0) || TryGetNumber(body, "seed", out _);

    private static bool TryGetNumber(RequestBody body, string name, out double value)
    {
        value = 0;
        if (!body.TryGetMember(name, out var range))
        {
            return false;
        }

        var reader = new Utf8JsonReader(body.Bytes.Slice(range.Offset, range.Length));
        return reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out value);
    }

    private static bool Says(IHeaderDictionary headers, string directive) =>
        CacheControlHeaderValue.TryParse(headers.CacheControl.ToString(), out var control)
        && (directive == CacheControlHeaderValue.NoStoreString ? control.NoStore : control.NoCache);
}
