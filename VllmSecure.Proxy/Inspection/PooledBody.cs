using System.Buffers;

namespace VllmSecure.Proxy.Inspection;

/// <summary>
/// A request body in rented memory. The memory goes back when an answer comes, or the exchange ends, even while somebody still reads: the
/// forwarder may be in the middle of a copy to the upstream when the client leaves, so reads take the same lock as the
/// return and fail after it, and never see bytes of another request.
/// </summary>
internal sealed class PooledBody(BodyBudget budget) : IDisposable
{
    /// <summary>Where no length was announced, most requests fit one segment of this size.</summary>
    public const int SmallestSegment = 16 * 1024;

    /// <summary>The shared pool keeps arrays of up to this size per core; and a slow upload holds no more than it has sent.</summary>
    public const int LargestSegment = 1024 * 1024;

    private readonly Lock _gate = new();
    private PooledSegment? _last;
    private long _rented;
    private bool _returned;

    /// <summary>Bytes read so far.</summary>
    public long Length { get; private set; }

    /// <summary>Finds memory for more bytes; false when the budget has none left.</summary>
    /// <param name="expected">How many bytes are still to come, if the client said so.</param>
    /// <param name="memory">Room for at least one byte.</param>
    public bool TryGetMemory(long? expected, out Memory<byte> memory)
    {
        if (_last is { Free.IsEmpty: false })
        {
            memory = _last.Free;
            return true;
        }

        // What was announced, and not more: a stream keeps its request to the end. Else as much again as has come: few segments,
        // and no memory for mere promises above one segment.
        var wanted = Math.Min(expected is { } announced ? Math.Max(announced, 1) : Math.Max(Length, SmallestSegment), LargestSegment);
        var array = ArrayPool<byte>.Shared.Rent((int)wanted);
        if (!budget.TryTake(array.Length))
        {
            ArrayPool<byte>.Shared.Return(array);
            memory = default;
            return false;
        }

        _rented += array.Length;
        _last?.Link();
        _last = new PooledSegment(array, _last);
        memory = _last.Free;
        return true;
    }

    /// <summary>Takes note of bytes written to the memory last given out.</summary>
    public void Advance(int count)
    {
        _last!.Advance(count);
        Length += count;
    }

    /// <summary>Ends the reading of the body.</summary>
    public ReadOnlySequence<byte> Complete()
    {
        // A segment that was rented only to find the end stays out: Utf8JsonReader stumbles over empty ones.
        var last = _last is { Filled: 0 } ? _last.Previous : _last;
        if (last is null)
        {
            return ReadOnlySequence<byte>.Empty;
        }

        last.Link();
        var first = last;
        while (first.Previous is { } previous)
        {
            first = previous;
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Filled);
    }

    /// <summary>Copies from a sequence over this memory, unless the memory was returned.</summary>
    /// <exception cref="ObjectDisposedException">The exchange has ended.</exception>
    public int Read(ReadOnlySequence<byte> content, long position, Span<byte> destination)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_returned, this);
            var count = (int)Math.Min(destination.Length, content.Length - position);
            content.Slice(position, count).CopyTo(destination);
            return count;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_returned)
            {
                return;
            }

            _returned = true;
            for (var segment = _last; segment is not null; segment = segment.Previous)
            {
                segment.Return();
            }
        }

        budget.Return(_rented);
    }
}
