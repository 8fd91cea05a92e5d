using System.Buffers;

namespace VllmSecure.Proxy.Inspection;

/// <summary>
/// Walks over JSON that comes in pieces of any size and reports the scalars with their paths. It trusts the text to be
/// well-formed, since vLLM wrote it, keeps no more of it than one short string, and allocates nothing: a whole parser
/// would need each string in one piece, and so a copy of every long one.
/// </summary>
internal sealed class JsonSkimmer(IJsonSink sink)
{
    /// <summary>Levels that are followed.</summary>
    private const int MaxDepth = 64;

    /// <summary>Levels with a path: as many as it has bytes. The facts of an answer are at most six deep.</summary>
    private const int MaxPathDepth = sizeof(ulong);

    /// <summary>The longest model name that is taken whole.</summary>
    private const int MaxText = 256;

    private static readonly SearchValues<byte> LiteralEnds = SearchValues.Create(",]} \t\r\n"u8);

    private readonly ulong[] _containers = new ulong[MaxPathDepth];
    private readonly byte[] _text = new byte[MaxText];
    private ulong _objects;
    private int _depth;
    private ulong _path;
    private State _state;
    private bool _expectsName;
    private bool _isName;
    private bool _capture;
    private bool _escaped;
    private int _textLength;
    private bool _isCut;
    private bool _isEmpty;

    private enum State
    {
        Between,
        String,

        /// <summary>A number, <c>true</c>, <c>false</c> or <c>null</c>.</summary>
        Literal,

        /// <summary>Not JSON, or too deep: the rest is not looked at.</summary>
        Lost,
    }

    /// <summary>Starts a new text.</summary>
    public void Reset()
    {
        _depth = 0;
        _path = AnswerPath.Root;
        _state = State.Between;
        _expectsName = false;
        _escaped = false;
    }

    public void Feed(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            switch (_state)
            {
                case State.String:
                    ReadString(ref bytes);
                    break;
                case State.Literal:
                    ReadLiteral(ref bytes);
                    break;
                case State.Between:
                    ReadStructure(bytes[0]);
                    bytes = bytes[1..];
                    break;
                default:
                    return;
            }
        }
    }

    private void ReadString(ref ReadOnlySpan<byte> bytes)
    {
        if (_escaped)
        {
            _escaped = false;
            Capture(bytes[..1]);
            bytes = bytes[1..];
            return;
        }

        var end = bytes.IndexOfAny((byte)'"', (byte)'\\');
        var run = end < 0 ? bytes : bytes[..end];
        Capture(run);
        bytes = bytes[run.Length..];
        if (end < 0)
        {
            return;
        }

        if (bytes[0] == (byte)'\\')
        {
            Capture(bytes[..1]);
            _escaped = true;
        }
        else
        {
            EndString();
        }

        bytes = bytes[1..];
    }

    private void EndString()
    {
        _state = State.Between;
        if (_isName)
        {
            var name = _isCut ? AnswerName.Other : AnswerNames.Find(_text.AsSpan(0, _textLength));
            _path = AnswerPath.Member(ContainerAt(_depth - 1), name);
        }
        else
        {
            sink.OnString(_path, _isCut ? default : _text.AsSpan(0, _textLength), _isEmpty);
        }
    }

    private void ReadLiteral(ref ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOfAny(LiteralEnds);
        var run = end < 0 ? bytes : bytes[..end];
        Capture(run);
        bytes = bytes[run.Length..];
        if (end >= 0)
        {
            _state = State.Between;
            sink.OnLiteral(_path, _text.AsSpan(0, _textLength));
        }
    }

    private void ReadStructure(byte value)
    {
        switch (value)
        {
            case (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n':
                break;
            case (byte)'{':
                Open(isObject: true);
                break;
            case (byte)'[':
                Open(isObject: false);
                break;
            case (byte)'}' or (byte)']':
                Close();
                break;
            case (byte)':':
                _expectsName = false;
                break;
            case (byte)',' when _depth > 0:
                _expectsName = IsInObject();
                break;
            case (byte)'"':
                _state = State.String;
                _isName = _expectsName;
                Start(_isName || AnswerPath.IsRead(_path));
                break;
            default:
                _state = State.Literal;
                Start(capture: true);
                Capture([value]);
                break;
        }
    }

    private void Open(bool isObject)
    {
        if (_depth == MaxDepth)
        {
            _state = State.Lost;
            return;
        }

        sink.OnOpen(_path, isObject);
        var bit = 1UL << _depth;
        _objects = isObject ? _objects | bit : _objects & ~bit;
        if (_depth < MaxPathDepth)
        {
            _containers[_depth] = _path;
        }

        _depth++;
        _expectsName = isObject;
        _path = isObject ? _path : AnswerPath.Item(_path);
    }

    private void Close()
    {
        if (_depth == 0)
        {
            _state = State.Lost;
            return;
        }

        _depth--;
        _expectsName = false;
        _path = _depth > 0 && !IsInObject() ? AnswerPath.Item(ContainerAt(_depth - 1)) : ContainerAt(_depth);
    }

    private ulong ContainerAt(int depth) => depth < MaxPathDepth ? _containers[depth] : AnswerPath.TooDeep;

    private bool IsInObject() => (_objects & (1UL << (_depth - 1))) != 0;

    private void Start(bool capture)
    {
        _capture = capture;
        _textLength = 0;
        _isCut = false;
        _isEmpty = true;
    }

    private void Capture(ReadOnlySpan<byte> run)
    {
        if (run.IsEmpty)
        {
            return;
        }

        _isEmpty = false;
        if (!_capture)
        {
            return;
        }

        if (_textLength + run.Length > MaxText)
        {
            _isCut = true;
            return;
        }

        run.CopyTo(_text.AsSpan(_textLength));
        _textLength += run.Length;
    }
}
