namespace VllmSecure.Proxy.ApiSurface;

/// <summary>The path of a request exactly as the client wrote it (RFC 9112 section 3.2), before any decoding.</summary>
internal static class RequestTarget
{
    /// <summary>The raw path without the query; empty for targets that have no path (authority-form, asterisk-form).</summary>
    public static ReadOnlySpan<char> PathOf(ReadOnlySpan<char> rawTarget)
    {
        if (!rawTarget.StartsWith('/'))
        {
            // Absolute-form: the path starts at the first slash behind the authority.
            var authority = rawTarget.IndexOf("://", StringComparison.Ordinal);
            if (authority < 0)
            {
                return [];
            }

            rawTarget = rawTarget[(authority + 3)..];
            var path = rawTarget.IndexOfAny('/', '?', '#');
            if (path < 0)
            {
                return [];
            }

            rawTarget = rawTarget[path..];
        }

        var end = rawTarget.IndexOfAny('?', '#');
        return end < 0 ? rawTarget : rawTarget[..end];
    }
}
