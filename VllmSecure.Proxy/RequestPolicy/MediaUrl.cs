using System.Buffers;
using System.Net;

namespace VllmSecure.Proxy.RequestPolicy;

/// <summary>
/// Whether vLLM may be sent to an address. The check is stricter than any URL parser, so that no two parsers can disagree
/// about the host (CVE-2026-24779, CVE-2026-25960): only characters of RFC 3986, no user info, host names only.
/// </summary>
internal static class MediaUrl
{
    private static readonly SearchValues<char> HostCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-.");

    private static readonly SearchValues<char> PathCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%");

    /// <summary>Whether a remote address is on a listed host.</summary>
    public static bool IsAllowed(ReadOnlySpan<char> url, IEnumerable<string> hosts)
    {
        if (!TryGetHost(url, out var host))
        {
            return false;
        }

        foreach (var allowed in hosts)
        {
            if (allowed.StartsWith("*.", StringComparison.Ordinal)
                ? host.EndsWith(allowed.AsSpan(1), StringComparison.Ordinal) && host.Length > allowed.Length - 1
                : host.SequenceEqual(allowed))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether a name can be listed: a full DNS name in lower case. Addresses of any form (also <c>127.1</c> or <c>0x7f.1</c>),
    /// and names that only an internal network knows, cannot.
    /// </summary>
    public static bool IsPublicHostName(ReadOnlySpan<char> host)
    {
        var lastDot = host.LastIndexOf('.');
        return lastDot > 0 && lastDot < host.Length - 1
            && !host.ContainsAnyExcept(HostCharacters)
            && host[lastDot + 1] is >= 'a' and <= 'z'
            && !IPAddress.TryParse(host, out _)
            && !IsInternal(host[(lastDot + 1)..]);
    }

    private static bool TryGetHost(ReadOnlySpan<char> url, out ReadOnlySpan<char> host)
    {
        host = default;
        var scheme = url.StartsWith("https://", StringComparison.Ordinal) ? "https://".Length
            : url.StartsWith("http://", StringComparison.Ordinal) ? "http://".Length
            : 0;
        if (scheme == 0 || url.ContainsAnyExcept(PathCharacters))
        {
            return false;
        }

        var rest = url[scheme..];
        var end = rest.IndexOfAny("/?#");
        host = end < 0 ? rest : rest[..end];

        // A port or user info has a character that no host name has.
        return IsPublicHostName(host);
    }

    /// <summary>Top-level names that never are public (RFC 6761, RFC 6762, RFC 8375 and ICANN's .internal).</summary>
    private static bool IsInternal(ReadOnlySpan<char> topLevel) =>
        topLevel is "localhost" or "local" or "internal" or "lan" or "home" or "corp" or "arpa" or "test" or "invalid" or "intranet" or "private" or "localdomain";
}
