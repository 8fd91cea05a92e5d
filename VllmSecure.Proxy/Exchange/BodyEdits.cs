using System.Buffers;

namespace VllmSecure.Proxy.Exchange;

/// <summary>
/// The changes that the proxy makes to a request body. They are recorded as splices and applied as segments over the
/// client's bytes, so that changing one member of a large body copies none of it.
/// </summary>
internal sealed class BodyEdits
{
    private readonly List<BodyEdit> _edits = [];

    public int Count => _edits.Count;

    /// <summary>Whether other bytes stand in place of a range.</summary>
    public bool Contains(BodyRange range) => _edits.Exists(edit => edit.Range == range);

    /// <summary>Records an edit. The same range and key again replaces the earlier edit, as a second try elsewhere needs.</summary>
    /// <exception cref="InvalidOperationException">The range overlaps another edit.</exception>
    public void Set(BodyRange range, string key, ReadOnlyMemory<byte> bytes)
    {
        var edit = new BodyEdit(range, key, bytes);
        for (var i = 0; i < _edits.Count; i++)
        {
            var other = _edits[i];
            if (other.Range == range && other.Key == key)
            {
                _edits[i] = edit;
                return;
            }

            if (other.Range.Offset < range.End && range.Offset < other.Range.End)
            {
                throw new InvalidOperationException("Two edits of the request body overlap.");
            }
        }

        // In the order of the body; at one offset insertions stand before the replacement.
        var index = _edits.FindIndex(other =>
            other.Range.Offset > range.Offset || (other.Range.Offset == range.Offset && other.Range.Length > range.Length));
        _edits.Insert(index < 0 ? _edits.Count : index, edit);
    }

    /// <summary>The body with all edits made.</summary>
    public ReadOnlySequence<byte> Apply(ReadOnlySequence<byte> body)
    {
        if (_edits.Count == 0)
        {
            return body;
        }

        BodySegment? first = null;
        BodySegment? last = null;
        var position = 0L;
        foreach (var edit in _edits)
        {
            AppendSlice(edit.Range.Offset);
            Append(edit.Bytes);
            position = edit.Range.End;
        }

        AppendSlice(body.Length);
        return first is null ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(first, 0, last!, last!.Memory.Length);

        void AppendSlice(long end)
        {
            foreach (var memory in body.Slice(position, end - position))
            {
                Append(memory);
            }
        }

        void Append(ReadOnlyMemory<byte> memory)
        {
            if (!memory.IsEmpty)
            {
                last = new BodySegment(memory, last);
                first ??= last;
            }
        }
    }
}
