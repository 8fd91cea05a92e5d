using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace VllmSecure.Proxy.Tests.Tls.Handshake;

/// <summary>Writes ClientHellos, cut into records and buffer segments at will.</summary>
internal static class ClientHelloBytes
{
    public static byte[] Message(string? serverName = "example.com", ushort[]? versions = null, string[]? alpn = null, int padding = 0) =>
        Message(Extensions(serverName, versions, alpn, padding));

    /// <summary>A message with extensions as they are given, well-formed or not.</summary>
    public static byte[] Message(byte[] extensions) =>
        WithHeader([3, 3, .. new byte[32], .. Vector8(new byte[32]), .. Vector16([0x13, 0x01]), .. Vector8([0]), .. Vector16(extensions)]);

    /// <summary>A ClientHello with a body as it is given.</summary>
    public static byte[] WithHeader(byte[] body) => [1, (byte)(body.Length >> 16), (byte)(body.Length >> 8), (byte)body.Length, .. body];

    public static byte[] Extension(ushort type, byte[] content) => [.. UInt16(type), .. Vector16(content)];

    private static byte[] Extensions(string? serverName, ushort[]? versions, string[]? alpn, int padding)
    {
        var extensions = new List<byte>();
        if (serverName is not null)
        {
            extensions.AddRange(Extension(0, Vector16([0, .. Vector16(Encoding.ASCII.GetBytes(serverName))])));
        }

        if (versions is not null)
        {
            extensions.AddRange(Extension(43, Vector8([.. versions.SelectMany(UInt16)])));
        }

        if (alpn is not null)
        {
            extensions.AddRange(Extension(16, Vector16([.. alpn.SelectMany(protocol => Vector8(Encoding.ASCII.GetBytes(protocol)))])));
        }

        if (padding > 0)
        {
            extensions.AddRange(Extension(21, new byte[padding]));
        }

        return [.. extensions];
    }

    public static byte[] Records(byte[] message, int recordSize = 1 << 14) =>
        [.. message.Chunk(recordSize).SelectMany(part => (byte[])[22, 3, 1, .. UInt16((ushort)part.Length), .. part])];

    public static ReadOnlySequence<byte> Segments(byte[] bytes, int segmentSize)
    {
        Segment? first = null;
        Segment? last = null;
        foreach (var part in bytes.Chunk(segmentSize))
        {
            last = last is null ? first = new Segment(part) : last.Append(part);
        }

        return first is null ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(first, 0, last!, last!.Memory.Length);
    }

    private static byte[] Vector8(byte[] content) => [(byte)content.Length, .. content];

    private static byte[] Vector16(byte[] content) => [.. UInt16((ushort)content.Length), .. content];

    private static byte[] UInt16(ushort value)
    {
        var bytes = new byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        return bytes;
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory) => Memory = memory;

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
