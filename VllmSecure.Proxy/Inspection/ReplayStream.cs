using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Inspection;

/// <summary>
/// The body as the forwarder reads it: with its edits, and again from the start for a second try. Disposed, it gives the
/// memory back and has no more to read; whoever does so has read it to its end.
/// </summary>
internal sealed class ReplayStream(PooledBody memory, RequestBody body) : Stream
{
    private RequestBody? _body = body;
    private long _position;

    public override bool CanRead => _body is not null;

    public override bool CanSeek => _body is not null;

    public override bool CanWrite => false;

    public override long Length => _body?.Content.Length ?? throw new ObjectDisposedException(nameof(ReplayStream));

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Length);
            _position = value;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        if (_body is not { } body)
        {
            return 0; // It was at its end, where a copy looks once more.
        }

        var count = memory.Read(body.Content, _position, buffer);
        _position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken) : new ValueTask<int>(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => Length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            memory.Dispose();
            _body = null;
        }

        base.Dispose(disposing);
    }
}
