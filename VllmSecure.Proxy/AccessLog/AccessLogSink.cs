using System.Buffers;
using System.Diagnostics.Metrics;
using System.Threading.Channels;

namespace VllmSecure.Proxy.AccessLog;

/// <summary>
/// The queue before one target, and the loop that empties it. <see cref="Offer"/> never waits: a line that finds the
/// queue full, or a target that fails, is dropped and counted.
/// </summary>
internal sealed partial class AccessLogSink(IAccessLogTarget target, int queueLength, Counter<long> dropped, ILogger logger)
{
    private readonly Channel<ReadOnlyMemory<byte>> _lines = Channel.CreateBounded<ReadOnlyMemory<byte>>(
        new BoundedChannelOptions(queueLength) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly KeyValuePair<string, object?> _tag = new(Telemetry.TelemetryNames.SinkAttribute, target.Name);
    private readonly ArrayBufferWriter<byte> _batch = new();
    private bool _failing;

    /// <summary>Queues a line, or drops it.</summary>
    public void Offer(ReadOnlyMemory<byte> line)
    {
        if (!_lines.Writer.TryWrite(line))
        {
            dropped.Add(1, _tag);
        }
    }

    /// <summary>Takes no more lines: <see cref="RunAsync"/> ends once it has written those that wait.</summary>
    public void Complete() => _lines.Writer.TryComplete();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using (target)
        {
            await foreach (var line in _lines.Reader.ReadAllAsync(cancellationToken))
            {
                var (lines, count) = Gather(line);
                await WriteAsync(lines, count, cancellationToken);
            }
        }
    }

    /// <summary>The line, with those that wait behind it and fit: under load one write serves many requests.</summary>
    private (ReadOnlyMemory<byte> Lines, int Count) Gather(ReadOnlyMemory<byte> line)
    {
        if (!Fits(line.Length))
        {
            return (line, 1);
        }

        _batch.ResetWrittenCount();
        _batch.Write(line.Span);
        var count = 1;
        for (; Fits(_batch.WrittenCount) && _lines.Reader.TryRead(out var next); count++)
        {
            _batch.Write(next.Span);
        }

        return (_batch.WrittenMemory, count);

        // This loop is the only reader: what it has peeked at is what it reads.
        bool Fits(int bytes) => _lines.Reader.TryPeek(out var next) && bytes + next.Length <= target.BatchBytes;
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> lines, int count, CancellationToken cancellationToken)
    {
        try
        {
            await target.WriteAsync(lines, cancellationToken);
            if (_failing)
            {
                _failing = false;
                Log.Recovered(logger, target.Name);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            dropped.Add(count, _tag);
            if (!_failing)
            {
                _failing = true;
                Log.Failed(logger, target.Name, exception.Message);
            }

            // It begins anew with the next line: the file may have been moved, or the disk have space again.
            await target.DisposeAsync();
        }
    }
}
