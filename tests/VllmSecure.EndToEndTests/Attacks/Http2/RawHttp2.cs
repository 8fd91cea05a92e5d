using System.Buffers.Binary;
using System.Net.Security;
using System.Text;

namespace VllmSecure.EndToEndTests.Attacks.Http2;

/// <summary>An HTTP/2 connection without any rules.</summary>
internal sealed class RawHttp2(SslStream stream) : IAsyncDisposable
{
    /// <summary>SETTINGS_HEADER_TABLE_SIZE 0: the statuses of answers stand in the static table or are written out.</summary>
    private static readonly (ushort Id, uint Value) NoDynamicTable = (1, 0);

    private static readonly byte[] Preface = Encoding.ASCII.GetBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

    /// <summary>Opens one and sends the preface with the given settings.</summary>
    public static async Task<RawHttp2> OpenAsync(AttackedProxy proxy, params (ushort Id, uint Value)[] settings)
    {
        var connection = new RawHttp2(await proxy.OpenAsync(SslApplicationProtocol.Http2));
        await connection.WriteAsync([.. Preface, .. Frame.Settings([NoDynamicTable, .. settings]).ToBytes()]);
        return connection;
    }

    public Task WriteAsync(params IEnumerable<Frame> frames) => WriteAsync([.. frames.SelectMany(frame => frame.ToBytes())]);

    public Task WriteAsync(byte[] bytes) => stream.WriteAsync(bytes).AsTask().WaitAsync(AttackedProxy.Guard);

    /// <summary>Writes the same bytes so many times; false if the proxy closed the connection before.</summary>
    public async Task<bool> TryFloodAsync(byte[] bytes, int times)
    {
        // In pieces of some size: a frame for each TLS record would measure TLS.
        var batch = Math.Max(1, 16_000 / bytes.Length);
        var piece = Enumerable.Repeat(bytes, batch).SelectMany(part => part).ToArray();
        try
        {
            for (var sent = 0; sent < times; sent += batch)
            {
                await WriteAsync(piece);
            }

            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>The next frame; null where the connection has ended.</summary>
    public async Task<Frame?> ReadAsync()
    {
        try
        {
            var head = new byte[Frame.HeadLength];
            await stream.ReadExactlyAsync(head).AsTask().WaitAsync(AttackedProxy.Guard);
            var frame = Frame.ReadHead(head);
            await stream.ReadExactlyAsync(frame.Payload).AsTask().WaitAsync(AttackedProxy.Guard);
            return frame;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>What becomes of a stream: its status, <c>RST</c> or <c>GOAWAY</c> with the code, or <c>closed</c>.</summary>
    public async Task<string> OutcomeAsync(int id)
    {
        while (await ReadAsync() is { } frame)
        {
            switch (frame.Type)
            {
                case FrameType.Headers when frame.Stream == id:
                    return FormattableString.Invariant($"{Hpack.StatusOf(frame.Payload)}");
                case FrameType.RstStream when frame.Stream == id:
                    return FormattableString.Invariant($"RST {Code(frame.Payload)}");
                case FrameType.GoAway:
                    return FormattableString.Invariant($"GOAWAY {Code(frame.Payload.AsSpan(4))}");
            }
        }

        return "closed";
    }

    /// <summary>Takes and forgets all that comes, until the connection ends.</summary>
    public async Task DrainAsync()
    {
        while (await ReadAsync() is not null)
        {
        }
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private static uint Code(ReadOnlySpan<byte> payload) => BinaryPrimitives.ReadUInt32BigEndian(payload);
}
