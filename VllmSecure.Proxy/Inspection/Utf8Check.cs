using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace VllmSecure.Proxy.Inspection;

/// <summary>Whether a body is UTF-8 (RFC 8259 section 8.1). <c>Utf8JsonReader</c> looks at no more than the syntax around strings.</summary>
internal static class Utf8Check
{
    private const int LongestCharacter = 4;

    public static bool IsValid(ReadOnlySequence<byte> bytes)
    {
        if (bytes.IsSingleSegment)
        {
            return Utf8.IsValid(bytes.FirstSpan);
        }

        // The bytes of a character that a segment began and did not end.
        Span<byte> carry = stackalloc byte[LongestCharacter];
        var carried = 0;
        foreach (var memory in bytes)
        {
            var span = memory.Span;
            while (carried > 0 && !span.IsEmpty)
            {
                carry[carried++] = span[0];
                span = span[1..];
                var status = Rune.DecodeFromUtf8(carry[..carried], out _, out _);
                if (status == OperationStatus.Done)
                {
                    carried = 0;
                }
                else if (status == OperationStatus.InvalidData)
                {
                    return false;
                }
            }

            if (Rune.DecodeLastFromUtf8(span, out _, out var tail) == OperationStatus.NeedMoreData && !span.IsEmpty)
            {
                span[^tail..].CopyTo(carry);
                carried = tail;
                span = span[..^tail];
            }

            if (!Utf8.IsValid(span))
            {
                return false;
            }
        }

        return carried == 0;
    }
}
