using System.Buffers;

namespace VllmSecure.Proxy.Inspection;

/// <summary>A rented array of a body: filled from its start, then linked into the sequence.</summary>
internal sealed class PooledSegment(byte[] array, PooledSegment? previous) : ReadOnlySequenceSegment<byte>
{
    private byte[] _array = array;

    public PooledSegment? Previous => previous;

    public int Filled { get; private set; }

    public Memory<byte> Free => _array.AsMemory(Filled);

    public void Advance(int count) => Filled += count;

    /// <summary>Ends the segment's filling and joins it to the one before.</summary>
    public void Link()
    {
        Memory = _array.AsMemory(0, Filled);
        if (previous is not null)
        {
            RunningIndex = previous.RunningIndex + previous.Filled;
            previous.Next = this;
        }
    }

    /// <summary>Gives the array back and forgets it: the pool keeps few, and whoever still knows the segment shall keep none.</summary>
    public void Return()
    {
        Memory = default;
        ArrayPool<byte>.Shared.Return(_array);
        _array = [];
    }
}
