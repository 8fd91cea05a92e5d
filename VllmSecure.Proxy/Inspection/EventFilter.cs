using System.Buffers;

namespace VllmSecure.Proxy.Inspection;

/// <summary>
/// Passes a stream of events on byte for byte, and takes out the usage event that only the proxy asked for. Nothing is
/// held back but the beginning of an event that may be that one, which can come only when every choice has finished.
/// </summary>
internal sealed class EventFilter(AnswerReader answer, bool hideUsage)
{
    /// <summary>A usage event has some hundred bytes; what grows beyond this is none, and passes.</summary>
    private const int MaxHeld = 16 * 1024;

    private readonly SseReader _events = new();
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly ArrayBufferWriter<byte> _held = new();
    private bool _holds;
    private bool _isHidden;

    /// <summary>What the events that ended in the last chunk were, together.</summary>
    public AnswerEvent Seen { get; private set; }

    /// <summary>Events with generated text that ended in the last chunk.</summary>
    public int Tokens { get; private set; }

    /// <summary>Whether the client has only whole events.</summary>
    public bool IsBetweenEvents => _events.IsBetweenEvents || _held.WrittenCount > 0;

    /// <summary>Reads a chunk; what is to be written now. The result is valid until the next call.</summary>
    public ReadOnlyMemory<byte> Filter(ReadOnlyMemory<byte> chunk)
    {
        Seen = AnswerEvent.None;
        Tokens = 0;
        var rest = chunk.Span;
        while (!_holds)
        {
            // Before the last choice has finished, which is all of a stream but its end, chunks pass as they are.
            if (!_events.TryReadEvent(ref rest, answer))
            {
                return chunk;
            }

            EndEvent();
        }

        _output.ResetWrittenCount();
        _output.Write(chunk.Span[..^rest.Length]);
        while (!rest.IsEmpty)
        {
            ReadHeld(ref rest);
        }

        return _output.WrittenMemory;
    }

    /// <summary>The stream has ended: what was held back is all there is.</summary>
    public ReadOnlyMemory<byte> End() => _held.WrittenMemory;

    private void ReadHeld(ref ReadOnlySpan<byte> rest)
    {
        var before = rest;
        if (_events is { IsBetweenEvents: true, EndsWithCr: true } && rest[0] == (byte)'\n')
        {
            // The second half of a CRLF belongs to the event before and goes its way.
            _output.Write(_isHidden ? default : rest[..1]);
            before = rest[1..];
        }

        var hasEnded = _events.TryReadEvent(ref rest, answer);
        (_holds ? _held : _output).Write(before[..^rest.Length]);
        if (hasEnded)
        {
            _isHidden = EndEvent() && _held.WrittenCount > 0;
            _output.Write(_isHidden ? default : _held.WrittenSpan);
            _held.ResetWrittenCount();
        }
        else if (_held.WrittenCount > MaxHeld)
        {
            _output.Write(_held.WrittenSpan);
            _held.ResetWrittenCount();
            _holds = false;
        }
    }

    /// <summary>Notes what an event was; true for the extra usage event.</summary>
    private bool EndEvent()
    {
        var seen = answer.EndEvent();
        Seen |= seen;
        Tokens += (seen & AnswerEvent.Token) != AnswerEvent.None ? 1 : 0;
        _holds = hideUsage && answer.IsFinished;
        return (seen & (AnswerEvent.UsageOnly | AnswerEvent.Error)) == AnswerEvent.UsageOnly;
    }
}
