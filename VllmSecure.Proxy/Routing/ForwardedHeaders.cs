using System.Buffers;
using System.Collections.Frozen;
using Microsoft.Extensions.Primitives;

namespace VllmSecure.Proxy.Routing;

/// <summary>
/// The headers that cross the proxy. An allowlist, because vLLM acts on headers that no client should set (X-Request-Id,
/// X-data-parallel-rank, X-Session-ID, X-Vllm-Priority …) and gains new ones with each release.
/// </summary>
internal static class ForwardedHeaders
{
    private static readonly SearchValues<char> Text = SearchValues.Create(['\t', .. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code)]);

    /// <summary>Client to upstream.</summary>
    public static FrozenSet<string> Request { get; } = Set(
        "Accept", "Content-Type", "Content-Length", "User-Agent", "anthropic-version", "anthropic-beta", "OpenAI-Beta",
        "Sec-WebSocket-Key", "Sec-WebSocket-Version", "Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions");

    /// <summary>Upstream to client. Its CORS headers, cookies and server name stay behind.</summary>
    public static FrozenSet<string> Response { get; } = Set(
        "Content-Type", "Content-Length", "Content-Encoding", "Content-Disposition", "Cache-Control", "Retry-After", "Allow",
        "Sec-WebSocket-Accept", "Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions");

    /// <summary>
    /// Whether a value is visible ASCII, spaces and tabs (RFC 9110 section 5.5). HttpClient cannot send anything beyond ASCII, which would
    /// count as a failure of the upstream and could close it for everybody; a control character is malformed for the upstream.
    /// </summary>
    public static bool IsText(StringValues values)
    {
        foreach (var value in values)
        {
            if (value.AsSpan().ContainsAnyExcept(Text))
            {
                return false;
            }
        }

        return true;
    }

    private static FrozenSet<string> Set(params string[] names) => names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
