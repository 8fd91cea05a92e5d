using System.Buffers;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Tests.Inspection;

/// <summary>Bytes cut into segments at given places, as they come from a socket: none is empty.</summary>
internal static class Segments
{
    public static ReadOnlySequence<byte> Of(byte[] bytes, params IEnumerable<int> cuts)
    {
        BodySegment? first = null;
        BodySegment? last = null;
        var start = 0;
        foreach (var cut in cuts.Select(cut => bytes.Length == 0 ? 0 : Math.Abs(cut % (bytes.Length + 1))).Order().Append(bytes.Length))
        {
            if (cut > start || bytes.Length == 0)
            {
                last = new BodySegment(bytes.AsMemory(start..cut), last);
                first ??= last;
                start = cut;
            }
        }

        return new ReadOnlySequence<byte>(first!, 0, last!, last!.Memory.Length);
    }
}
