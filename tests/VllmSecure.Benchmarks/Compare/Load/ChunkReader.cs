using System.Buffers.Text;

namespace VllmSecure.Benchmarks.Compare.Load;

/// <summary>Reads one stream: when each chunk came, by the send time in it, and whether it came in one read with another.</summary>
internal sealed class ChunkReader
{
    private const int BufferBytes = 16 * 1024;

    private readonly byte[] _bytes = new byte[2 * BufferBytes];
    private int _length;

    /// <summary>Microseconds from the send to the read of each chunk.</summary>
    public List<double> Delays { get; } = [];

    /// <summary>Chunks that were read together with the one before.</summary>
    public int Merged { get; private set; }

    public static Task<HttpsConnection> ConnectAsync(int port) => HttpsConnection.OpenAsync(port, bufferBytes: BufferBytes);

    public async Task ReadAsync(HttpsConnection connection, ReadOnlyMemory<byte> request)
    {
        await connection.SendAsync(request);
        while (await connection.ReadBodyAsync(_bytes.AsMemory(_length)) is > 0 and var read)
        {
            _length += read;
            Take(Clock.Now);
        }
    }

    private void Take(long now)
    {
        var rest = _bytes.AsSpan(0, _length);
        for (var inThisRead = 0; rest.IndexOf("\n\n"u8) is >= 0 and var end; rest = rest[(end + 2)..])
        {
            var chunk = rest[..end];
            var sent = chunk.IndexOf(ChunkText.Marker);
            if (sent >= 0 && Utf8Parser.TryParse(chunk[(sent + ChunkText.Marker.Length)..], out long timestamp, out _))
            {
                Delays.Add(TimeProvider.System.GetElapsedTime(timestamp, now).TotalMicroseconds);
                Merged += inThisRead++ > 0 ? 1 : 0;
            }
        }

        _length = rest.Length;
        rest.CopyTo(_bytes);
    }
}
