using static VllmSecure.EndToEndTests.Attacks.Http2.Http2Requests;

namespace VllmSecure.EndToEndTests.Attacks.Http2;

/// <summary>Frames (RFC 9113 sections 5 and 6) out of order, of wrong size or on the wrong stream, and header blocks that do not decode.</summary>
internal static class FrameCases
{
    private const string ProtocolError = "GOAWAY 1";
    private const string FlowControlError = "GOAWAY 3";
    private const string StreamClosed = "GOAWAY 5";
    private const string FrameSizeError = "GOAWAY 6";
    private const string CompressionError = "GOAWAY 9";

    private static readonly Frame[] Ok = With(Good);

    public static IEnumerable<Http2Case> All { get; } =
    [
        new("HEADERS on stream 0", [Frame.Headers(0, GoodBlock)], ProtocolError),
        new("HEADERS on an even stream", [Frame.Headers(2, GoodBlock)], ProtocolError),
        new("HEADERS on a lower stream", [Frame.Headers(3, GoodBlock, endStream: true), Frame.Headers(1, GoodBlock)], StreamClosed),
        new("HEADERS twice without an end", [Frame.Headers(1, GoodBlock), Frame.Headers(1, GoodBlock)], ProtocolError),
        new("HEADERS that depend on themselves", [new Frame(FrameType.Headers, Frame.EndHeaders | Frame.Priority, 1, [.. Frame.Number(1), 16, .. GoodBlock])], ProtocolError),
        new("HEADERS with more padding than frame", [new Frame(FrameType.Headers, Frame.EndHeaders | Frame.Padded, 1, [255, .. GoodBlock])], ProtocolError),
        new("DATA on stream 0", [Frame.Data(0, GoodBody)], ProtocolError),
        new("DATA on an idle stream", [Frame.Data(1, GoodBody)], ProtocolError),
        new("DATA behind the end", [Frame.Headers(1, GoodBlock, endStream: true), Frame.Data(1, GoodBody)], StreamClosed),
        new("DATA with more padding than frame", [Frame.Headers(1, GoodBlock), new Frame(FrameType.Data, Frame.Padded, 1, [255, 1])], ProtocolError),
        new("Header block that another frame interrupts", [new Frame(FrameType.Headers, 0, 1, GoodBlock), new Frame(FrameType.Ping, 0, 0, new byte[8])], ProtocolError),
        new("Header block that another stream interrupts", [new Frame(FrameType.Headers, 0, 1, GoodBlock), Frame.Headers(3, GoodBlock)], ProtocolError),
        new("CONTINUATION of nothing", [new Frame(FrameType.Continuation, Frame.EndHeaders, 1, GoodBlock)], ProtocolError),
        new("CONTINUATION of another stream", [new Frame(FrameType.Headers, 0, 1, []), new Frame(FrameType.Continuation, Frame.EndHeaders, 3, GoodBlock)], ProtocolError),
        new("CONTINUATION in order", [new Frame(FrameType.Headers, 0, 1, []), new Frame(FrameType.Continuation, Frame.EndHeaders, 1, GoodBlock), Frame.Data(1, GoodBody)], "200"),
        new("Frame above the size allowed", [new Frame(FrameType.Ping, 0, 0, new byte[20_000])], FrameSizeError),
        new("SETTINGS of a wrong size", [new Frame(FrameType.Settings, 0, 0, new byte[5])], FrameSizeError),
        new("SETTINGS on a stream", [new Frame(FrameType.Settings, 0, 1, [])], ProtocolError),
        new("SETTINGS acknowledgement with a body", [new Frame(FrameType.Settings, Frame.Ack, 0, new byte[6])], FrameSizeError),
        new("SETTINGS: a window beyond 31 bits", [Frame.Settings((4, 0x8000_0000))], FlowControlError),
        new("SETTINGS: frames too small", [Frame.Settings((5, 1))], ProtocolError),
        new("SETTINGS: push is neither on nor off", [Frame.Settings((2, 2))], ProtocolError),
        new("SETTINGS: unknown ones", [Frame.Settings((0xffff, 1)), .. Ok], "200"),
        new("PING of a wrong size", [new Frame(FrameType.Ping, 0, 0, new byte[4])], FrameSizeError),
        new("PING on a stream", [new Frame(FrameType.Ping, 0, 1, new byte[8])], ProtocolError),
        new("RST_STREAM of an idle stream", [Frame.Reset(1)], ProtocolError),
        new("PUSH_PROMISE of a client", [new Frame(FrameType.PushPromise, Frame.EndHeaders, 1, [.. Frame.Number(2), .. GoodBlock])], ProtocolError),
        new("PRIORITY of a wrong size", [new Frame(FrameType.Priority, 0, 1, new byte[4])], FrameSizeError),
        new("GOAWAY on a stream", [new Frame(FrameType.GoAway, 0, 1, new byte[8])], ProtocolError),
        new("Unknown frames", [new Frame((FrameType)0x7f, 0xff, 1, new byte[100]), .. Ok], "200"),
        new("Window of 0 more", [Frame.WindowUpdate(0, 0)], ProtocolError),
        new("Window of the connection beyond 31 bits", [Frame.WindowUpdate(0, 0x7fff_ffff)], FlowControlError),
        new("Window of a stream beyond 31 bits", [Frame.Headers(1, GoodBlock), Frame.WindowUpdate(1, 0x7fff_ffff)], "RST 3"),
        new("Window of an idle stream", [Frame.WindowUpdate(1, 1)], ProtocolError),

        new("Header block: no such index", [Frame.Headers(1, [0xff, 0xff, 0x01])], CompressionError),
        new("Header block: index 0", [Frame.Headers(1, [0x80])], "GOAWAY 2"),
        new("Header block: integer without end", [Frame.Headers(1, [0x7f, .. Enumerable.Repeat((byte)0xff, 20)])], CompressionError),
        new("Header block: cut off", [Frame.Headers(1, GoodBlock[..^3])], CompressionError),
        new("Header block: table larger than allowed", [Frame.Headers(1, [0x3f, 0xff, 0xff, 0x7f, .. GoodBlock])], CompressionError),
        new("Header block: Huffman code that ends in the middle", [Frame.Headers(1, [0x00, 0x81, 0x00, 0x01, 0x61])], CompressionError),
        new("Header block: one entry of 3 KiB, 1,000 times", [Frame.Headers(1, [.. Hpack.Indexed("x", new string('a', 3000)), .. Enumerable.Repeat((byte)0xbe, 1000)])], "GOAWAY 1"),
    ];
}
