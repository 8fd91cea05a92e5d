namespace VllmSecure.Proxy.Exchange;

/// <summary>
/// Counts what goes to the client and stamps its time on the exchange; every byte passes through unbuffered.
/// One timestamp a write is all that the time budgets need, so no timer is reset per chunk.
/// </summary>
internal sealed class MeteredResponseStream(Stream inner, ProxyExchange exchange, TimeProvider clock) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        exchange.IsClientWrittenTo = true;
        await inner.WriteAsync(buffer, cancellationToken);
        Record(buffer.Span);
        exchange.IsClientWrittenTo = false;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count)
    {
        inner.Write(buffer, offset, count);
        Record(buffer.AsSpan(offset, count));
    }

    /// <summary>Sends bytes that the proxy made itself to keep the client waiting: no sign of life of the upstream, so no timing moves.</summary>
    public async ValueTask WriteKeepAliveAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        exchange.IsClientWrittenTo = true;
        await inner.WriteAsync(buffer, cancellationToken);
        exchange.ResponseBytes += buffer.Length;
        exchange.IsClientWrittenTo = false;
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Record(ReadOnlySpan<byte> written)
    {
        if (written.IsEmpty)
        {
            return;
        }

        var now = clock.GetTimestamp();
        if (exchange.Timings.FirstByte == 0)
        {
            exchange.Timings.FirstByte = now;
        }

        exchange.Timings.LastByte = now;
        exchange.ResponseBytes += written.Length;
        exchange.ResponseCopy?.Append(written);
    }
}
