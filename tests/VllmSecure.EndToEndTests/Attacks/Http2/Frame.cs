using System.Buffers.Binary;

namespace VllmSecure.EndToEndTests.Attacks.Http2;

/// <summary>A frame, in order or not: nothing here keeps it from being wrong.</summary>
internal sealed record Frame(FrameType Type, byte Flags, int Stream, byte[] Payload)
{
    public const byte EndStream = 0x1;
    public const byte Ack = 0x1;
    public const byte EndHeaders = 0x4;
    public const byte Padded = 0x8;
    public const byte Priority = 0x20;
    public const int HeadLength = 9;

    public static Frame Headers(int stream, byte[] block, bool endStream = false) =>
        new(FrameType.Headers, (byte)(EndHeaders | (endStream ? EndStream : 0)), stream, block);

    public static Frame Data(int stream, ReadOnlySpan<byte> data, bool endStream = true) =>
        new(FrameType.Data, endStream ? EndStream : (byte)0, stream, data.ToArray());

    public static Frame Reset(int stream) => new(FrameType.RstStream, 0, stream, Number(8)); // CANCEL

    public static Frame WindowUpdate(int stream, uint increment) => new(FrameType.WindowUpdate, 0, stream, Number(increment));

    public static Frame Settings(params (ushort Id, uint Value)[] settings) => new(FrameType.Settings, 0, 0, [.. settings.SelectMany(Setting)]);

    public static byte[] Number(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    public byte[] ToBytes()
    {
        var length = Payload.Length;
        return [(byte)(length >> 16), (byte)(length >> 8), (byte)length, (byte)Type, Flags, .. Number((uint)Stream), .. Payload];
    }

    /// <summary>The frame whose nine bytes of head are given, still without its payload.</summary>
    public static Frame ReadHead(ReadOnlySpan<byte> head) => new(
        (FrameType)head[3], head[4], (int)(BinaryPrimitives.ReadUInt32BigEndian(head[5..]) & 0x7fff_ffff), new byte[(head[0] << 16) | (head[1] << 8) | head[2]]);

    private static byte[] Setting((ushort Id, uint Value) setting) => [(byte)(setting.Id >> 8), (byte)setting.Id, .. Number(setting.Value)];
}
