namespace VllmSecure.Benchmarks.Compare.Load;

/// <summary>Where a body's bytes stand in what the connection brings: by length, or in chunks (RFC 9112 section 7.1; without trailers).</summary>
internal struct BodyFraming
{
    private bool _chunked;
    private bool _inSize;
    private bool _last;
    private long _remaining;
    private int _zeroLines;

    public static BodyFraming Chunked => new() { _chunked = true, _inSize = true };

    public bool IsComplete { get; private set; }

    public static BodyFraming Of(long length) => new() { _remaining = length, IsComplete = length == 0 };

    /// <summary>Takes bytes up to the end of the next run of content.</summary>
    /// <param name="bytes">What the connection brought.</param>
    /// <param name="content">How many of the bytes taken, at their end, are content.</param>
    /// <returns>The bytes taken.</returns>
    public int Next(ReadOnlySpan<byte> bytes, out int content)
    {
        var taken = _chunked && _inSize ? TakeSize(bytes) : 0;
        content = 0;
        if (!_inSize && _remaining > 0)
        {
            content = (int)Math.Min(_remaining, bytes.Length - taken);
            _remaining -= content;
        }

        if (_remaining == 0 && !_inSize)
        {
            // The line feed behind the content reads as an empty size line.
            _inSize = _chunked;
            IsComplete = !_chunked;
        }

        return taken + content;
    }

    private int TakeSize(ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            var digit = bytes[i] switch
            {
                >= (byte)'0' and <= (byte)'9' => bytes[i] - '0',
                >= (byte)'a' and <= (byte)'f' => bytes[i] - 'a' + 10,
                >= (byte)'A' and <= (byte)'F' => bytes[i] - 'A' + 10,
                _ => -1,
            };
            if (digit >= 0)
            {
                _remaining = (_remaining * 16) + digit;
                _last = _remaining == 0;
            }
            else if (bytes[i] == '\n' && (_remaining > 0 || _last))
            {
                if (_remaining > 0)
                {
                    _inSize = false;
                    return i + 1;
                }

                // "0", and the empty line behind it.
                _remaining = 0;
                IsComplete = ++_zeroLines == 2;
                if (IsComplete)
                {
                    return i + 1;
                }
            }
        }

        return bytes.Length;
    }
}
