using System.Buffers;
using System.Buffers.Text;
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

    /// <summary>
    /// The first characters of a string; of a data URL that can be megabytes no more is needed. Some encoders write "\/",
    /// so escapes are read there too.
    /// </summary>
    private static ReadOnlySpan<char> Head(scoped in Utf8JsonReader reader, Span<char> buffer, out bool isWhole)
    {
        var length = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
        isWhole = length <= buffer.Length;
        if (isWhole)
        {
            return buffer[..CopyString(in reader, buffer)];
        }

        // An escape has at most six bytes.
        Span<byte> bytes = stackalloc byte[LongestHead * 6];
        if (reader.HasValueSequence)
        {
            reader.ValueSequence.Slice(0, bytes.Length).CopyTo(bytes);
        }
        else
        {
            reader.ValueSpan[..bytes.Length].CopyTo(bytes);
        }

        var at = 0;
        for (var i = 0; i < LongestHead; i++)
        {
            buffer[i] = ReadCharacter(bytes, ref at);
        }

        return buffer[..LongestHead];
    }

    /// <summary>Reads a byte or an escape. What is not ASCII is no URL, and becomes a character that none has.</summary>
    private static char ReadCharacter(ReadOnlySpan<byte> json, ref int at)
    {
        var value = json[at++];
        if (value != (byte)'\\')
        {
            return (char)value;
        }

        var escape = json[at++];
        if (escape == (byte)'u')
        {
            _ = Utf8Parser.TryParse(json.Slice(at, 4), out ushort code, out _, 'x');
            at += 4;
            return (char)code;
        }

        // "\n" and the like stand for what no URL has.
        return escape is (byte)'/' or (byte)'"' or (byte)'\\' ? (char)escape : '\0';
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
