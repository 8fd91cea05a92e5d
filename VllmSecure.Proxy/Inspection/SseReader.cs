namespace VllmSecure.Proxy.Inspection;

/// <summary>
/// Finds the events in a stream of bytes as the HTML standard defines it (section 9.2.6): any split, LF, CR or CRLF, comments,
/// data of several lines. It keeps no bytes: data goes on to the payload as it comes, so an event may have any length.
/// </summary>
internal sealed class SseReader
{
    private const byte Lf = (byte)'\n';
    private const byte Cr = (byte)'\r';

    private Line _line = Line.Mark;
    private int _matched;
    private bool _hasData;
    private bool _pendingLineFeed;

    private enum Line
    {
        /// <summary>The stream's byte order mark, which is no part of its first line.</summary>
        Mark,

        /// <summary>In the name of a field that may still be <c>data</c>, or before it.</summary>
        Name,

        /// <summary>Behind <c>data:</c>, where one space is no part of the value.</summary>
        Space,
        Data,

        /// <summary>A comment or another field.</summary>
        Other,
    }

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private static ReadOnlySpan<byte> DataName => "data"u8;

    /// <summary>Whether the bytes so far end with a whole event, so that a comment may follow.</summary>
    public bool IsBetweenEvents { get; private set; } = true;

    /// <summary>Whether the last line ended with a CR whose LF may come first in the next read.</summary>
    public bool EndsWithCr => _pendingLineFeed;

    /// <summary>Reads on to the end of an event.</summary>
    /// <param name="input">Advanced behind what was read.</param>
    /// <param name="payload">Gets the event's data.</param>
    /// <returns>Whether an event ended (also one without data, such as a comment); false when the input is used up.</returns>
    public bool TryReadEvent(ref ReadOnlySpan<byte> input, ISsePayload payload)
    {
        while (!input.IsEmpty)
        {
            if (_pendingLineFeed)
            {
                _pendingLineFeed = false;
                if (input[0] == Lf)
                {
                    input = input[1..];
                    continue;
                }
            }

            if (_line is Line.Data or Line.Other)
            {
                ReadRun(ref input, payload);
            }
            else if (ReadByte(ref input, payload))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes the rest of a line, as far as it has come.</summary>
    private void ReadRun(ref ReadOnlySpan<byte> input, ISsePayload payload)
    {
        var end = input.IndexOfAny(Lf, Cr);
        var run = end < 0 ? input : input[..end];
        if (_line == Line.Data && !run.IsEmpty)
        {
            payload.Append(run);
        }

        input = input[run.Length..];
        if (end >= 0)
        {
            EndLine(ref input);
        }
    }

    /// <summary>Takes one byte of the start of a line; true when it was the blank line that ends an event.</summary>
    private bool ReadByte(ref ReadOnlySpan<byte> input, ISsePayload payload)
    {
        var value = input[0];
        switch (_line)
        {
            case Line.Mark when value == ByteOrderMark[_matched]:
                input = input[1..];
                _matched++;
                if (_matched == ByteOrderMark.Length)
                {
                    StartLine();
                }

                return false;
            case Line.Mark:
                _line = _matched == 0 ? Line.Name : Line.Other;
                return false;
            case Line.Space:
                StartData(payload);
                input = value == (byte)' ' ? input[1..] : input;
                return false;
        }

        if (value is Lf or Cr)
        {
            return EndNameLine(ref input, payload);
        }

        IsBetweenEvents = false;
        if (_matched == DataName.Length && value == (byte)':')
        {
            _line = Line.Space;
        }
        else if (_matched < DataName.Length && value == DataName[_matched])
        {
            _matched++;
        }
        else
        {
            _line = Line.Other;
        }

        input = input[1..];
        return false;
    }

    /// <summary>A line ended within its name: it is blank, or a field without a value.</summary>
    private bool EndNameLine(ref ReadOnlySpan<byte> input, ISsePayload payload)
    {
        var isBlank = _matched == 0;
        if (_matched == DataName.Length)
        {
            StartData(payload);
        }

        EndLine(ref input);
        if (isBlank)
        {
            _hasData = false;
            IsBetweenEvents = true;
        }

        return isBlank;
    }

    private void StartData(ISsePayload payload)
    {
        _line = Line.Data;
        if (_hasData)
        {
            payload.Append("\n"u8);
        }

        _hasData = true;
    }

    /// <summary>Takes the end of the line, CRLF as one where both have come.</summary>
    private void EndLine(ref ReadOnlySpan<byte> input)
    {
        var isCr = input[0] == Cr;
        input = input[1..];
        if (isCr && !input.IsEmpty && input[0] == Lf)
        {
            input = input[1..];
        }
        else
        {
            _pendingLineFeed = isCr;
        }

        StartLine();
    }

    private void StartLine()
    {
        _line = Line.Name;
        _matched = 0;
    }
}
