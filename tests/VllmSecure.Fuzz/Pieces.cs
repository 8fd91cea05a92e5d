using System.Buffers;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Fuzz;

/// <summary>Cuts bytes as a network would.</summary>
internal static class Pieces
{
    /// <summary>Pieces of one length; 0: a single one.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Of(byte[] bytes, int length)
    {
        var step = length == 0 ? Math.Max(1, bytes.Length) : length;
        for (var start = 0; start < bytes.Length; start += step)
        {
            yield return bytes.AsMemory(start, Math.Min(step, bytes.Length - start));
        }
    }

    public static ReadOnlySequence<byte> Sequence(byte[] bytes, int length)
    {
        BodySegment? first = null;
        BodySegment? last = null;
        foreach (var piece in Of(bytes, length))
        {
            last = new BodySegment(piece, last);
            first ??= last;
        }

        return first is null ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(first, 0, last!, last!.Memory.Length);
    }
}
