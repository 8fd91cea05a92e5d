using System.Buffers.Text;
using System.Text;

namespace VllmSecure.Benchmarks.Compare.Load;

/// <summary>Status line and headers, as far as they say how long the body is.</summary>
internal static class ResponseHead
{
    private const int StatusOffset = 9; // Behind "HTTP/1.1 ".

    /// <summary>The length of the head with its empty line; -1 while it is not there.</summary>
    public static int Find(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf("\r\n\r\n"u8);
        return end < 0 ? -1 : end + 4;
    }

    public static int Parse(ReadOnlySpan<byte> head, out BodyFraming body)
    {
        body = BodyFraming.Of(0);
        var status = (int)Number(head[StatusOffset..]);
        var rest = head[(head.IndexOf((byte)'\n') + 1)..];
        while (rest.IndexOf("\r\n"u8) is > 0 and var end)
        {
            var line = rest[..end];
            if (Value(line, "Content-Length:"u8) is { IsEmpty: false } length)
            {
                body = BodyFraming.Of(Number(length));
            }
            else if (!Value(line, "Transfer-Encoding:"u8).IsEmpty)
            {
                body = BodyFraming.Chunked;
            }

            rest = rest[(end + 2)..];
        }

        return status;
    }

    private static long Number(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text, out long number, out _) ? number : throw new InvalidDataException("The answer is no HTTP.");

    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) =>
        line.Length > name.Length && Ascii.EqualsIgnoreCase(line[..name.Length], name) ? line[name.Length..].TrimStart((byte)' ') : default;
}
