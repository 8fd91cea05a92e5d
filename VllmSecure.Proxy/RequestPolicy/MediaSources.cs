using System.Buffers;
using System.Text.Json;
using VllmSecure.Proxy.Errors;

namespace VllmSecure.Proxy.RequestPolicy;

/// <summary>Where media may come from and what it may be.</summary>
internal static class MediaSources
{
    /// <summary>A data URL's head fits: <c>data:image/svg+xml;base64,</c>.</summary>
    private const int LongestHead = 64;

    /// <summary>The longest remote address that is looked at.</summary>
    private const int LongestUrl = 2048;

    /// <summary>Checks the URL that the reader stands on.</summary>
    public static ApiError? Check(scoped in Utf8JsonReader reader, MediaKind kind, RequestPolicyOptions options)
    {
        Span<char> buffer = stackalloc char[LongestUrl];
        var url = Head(in reader, buffer, out var isWhole);
        if (!url.StartsWith("data:", StringComparison.Ordinal))
        {
            return isWhole && MediaUrl.IsAllowed(url, options.MediaHosts) ? null : PolicyErrors.MediaSource();
        }

        // RFC 2397, in the one form that vLLM reads: data:<type>;base64,<data>.
        var head = url["data:".Length..Math.Min(url.Length, LongestHead)];
        var end = head.IndexOf(";base64,", StringComparison.Ordinal);
        return end > 0 && IsAllowedType(head[..end], kind, options) ? null : PolicyErrors.MediaType();
    }

    /// <summary>Checks the media type that the reader stands on.</summary>
    public static bool IsAllowedType(scoped in Utf8JsonReader reader, RequestPolicyOptions options)
    {
        Span<char> buffer = stackalloc char[LongestUrl];
        return IsAllowedType(Head(in reader, buffer, out var isWhole), MediaKind.Any, options) && isWhole;
    }

    private static bool IsAllowedType(ReadOnlySpan<char> type, MediaKind kind, RequestPolicyOptions options)
    {
        var actual = type.StartsWith("image/", StringComparison.Ordinal) ? MediaKind.Image
            : type.StartsWith("audio/", StringComparison.Ordinal) ? MediaKind.Audio
            : type.StartsWith("video/", StringComparison.Ordinal) && options.AllowVideo ? MediaKind.Video
            : MediaKind.None;
        return actual != MediaKind.None && (kind is MediaKind.Any or MediaKind.Source || kind == actual);
    }

    /// <summary>The first characters of a string; of a data URL that can be megabytes no more is needed.</summary>
    private static ReadOnlySpan<char> Head(scoped in Utf8JsonReader reader, Span<char> buffer, out bool isWhole)
    {
        var length = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
        isWhole = length <= buffer.Length;
        if (isWhole || reader.ValueIsEscaped)
        {
            // Escaped and long is rare (some encoders write "\/"): worth a copy rather than a second way to unescape.
            return isWhole ? buffer[..CopyString(in reader, buffer)] : reader.GetString();
        }

        Span<byte> bytes = stackalloc byte[LongestHead];
        if (reader.HasValueSequence)
        {
            reader.ValueSequence.Slice(0, LongestHead).CopyTo(bytes);
        }
        else
        {
            reader.ValueSpan[..LongestHead].CopyTo(bytes);
        }

        // What is not ASCII is no URL, and becomes a character that none has.
        for (var i = 0; i < LongestHead; i++)
        {
            buffer[i] = (char)bytes[i];
        }

        return buffer[..LongestHead];
    }

    private static int CopyString(scoped in Utf8JsonReader reader, Span<char> buffer)
    {
        try
        {
            return reader.CopyString(buffer);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: no URL.
            return 0;
        }
    }
}
