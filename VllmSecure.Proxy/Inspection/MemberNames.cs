using System.Buffers;

namespace VllmSecure.Proxy.Inspection;

/// <summary>
/// The names seen in the objects that are open, as a stack of hashes: what it takes to find a name twice in one object.
/// Parsers differ in which of two equal names they take, so a body with both could mean one thing here and another at vLLM.
/// </summary>
internal ref struct MemberNames(int maxMembers)
{
    private ulong[] _hashes = ArrayPool<ulong>.Shared.Rent(256);
    private int[] _starts = ArrayPool<int>.Shared.Rent(64);
    private int _count;
    private int _depth;

    public void Open()
    {
        if (_depth == _starts.Length)
        {
            Grow(ref _starts);
        }

        _starts[_depth++] = _count;
    }

    public void Close() => _count = _starts[--_depth];

    /// <summary>Adds a name to the innermost object.</summary>
    public MemberNameResult Add(ReadOnlySpan<byte> name)
    {
        var hash = NameHash.Compute(name);
        var siblings = _hashes.AsSpan(_starts[_depth - 1].._count);
        if (siblings.Contains(hash))
        {
            return MemberNameResult.Duplicate;
        }

        if (siblings.Length == maxMembers)
        {
            return MemberNameResult.TooMany;
        }

        if (_count == _hashes.Length)
        {
            Grow(ref _hashes);
        }

        _hashes[_count++] = hash;
        return MemberNameResult.New;
    }

    public readonly void Dispose()
    {
        ArrayPool<ulong>.Shared.Return(_hashes);
        ArrayPool<int>.Shared.Return(_starts);
    }

    private static void Grow<T>(ref T[] array)
    {
        var larger = ArrayPool<T>.Shared.Rent(array.Length * 2);
        array.CopyTo(larger, 0);
        ArrayPool<T>.Shared.Return(array);
        array = larger;
    }
}
