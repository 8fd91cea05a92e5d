using System.Buffers;
using System.Text;
using System.Text.Json;
using VllmSecure.Proxy.Errors;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Inspection;

/// <summary>
/// One pass over a JSON request body: is it what it seems (UTF-8, one object, every name once), what does it ask for, and
/// where do the members stand that may be edited. Linear in the body, and nothing of the body is copied.
/// </summary>
internal ref struct RequestScanner : IDisposable
{
    private const int MaxModelLength = 256;

    /// <summary>The common rule of thumb for English text; longer characters weigh more in UTF-8 and in tokens.</summary>
    private const int BytesPerToken = 4;

    private readonly RequestScan _scan;
    private Utf8JsonReader _reader;
    private NumberRun _numbers;
    private MemberNames _names;
    private string _name = string.Empty;
    private RequestMember _member;
    private long _valueStart;
    private long _textBytes;
    private bool _isMedia;
    private bool _isUrl;
    private bool _holdsPrompts;
    private long _prompts;
    private bool _isIncludeUsage;

    private readonly bool _skipsNumbers;

    private RequestScanner(ReadOnlySequence<byte> bytes, InspectionOptions options, RequestScan scan, bool skipsNumbers)
    {
        _skipsNumbers = skipsNumbers;
        _reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = options.MaxDepth });
        _numbers = new NumberRun(bytes);
        _names = new MemberNames(options.MaxObjectMembers);
        _scan = scan;
    }

    private readonly long Consumed => _numbers.Start + _reader.BytesConsumed;

    public static RequestScan Scan(ReadOnlySequence<byte> bytes, InspectionOptions options) => Scan(bytes, options, skipsNumbers: true);

    public readonly void Dispose() => _names.Dispose();

    private static RequestScan Scan(ReadOnlySequence<byte> bytes, InspectionOptions options, bool skipsNumbers)
    {
        var scan = new RequestScan { Facts = { BodyBytes = bytes.Length } };
        if (!Utf8Check.IsValid(bytes))
        {
            scan.Error = InspectionErrors.InvalidUtf8;
            return scan;
        }

        var scanner = new RequestScanner(bytes, options, scan, skipsNumbers);
        try
        {
            scan.Error = scanner.Run(options);
        }
        catch (JsonException) when (scanner._numbers.Start > 0)
        {
            // The reader's idea of where the fault stands lacks the numbers passed over.
            return Scan(bytes, options, skipsNumbers: false);
        }
        catch (JsonException exception)
        {
            // Not its message: it quotes the body.
            scan.Error = InspectionErrors.NotJson(exception.LineNumber ?? 0, exception.BytePositionInLine ?? 0);
        }
        finally
        {
            scanner.Dispose();
        }

        return scan;
    }

    private ApiError? Run(InspectionOptions options)
    {
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.StartObject)
        {
            return InspectionErrors.NotAnObject;
        }

        var rootStart = _reader.TokenStartIndex;
        _names.Open();
        while (_reader.Read())
        {
            var error = _reader.TokenType == JsonTokenType.PropertyName ? OnName(options) : OnValue();
            if (error is not null)
            {
                return error;
            }

            var skipped = _skipsNumbers ? _numbers.Skip(ref _reader) : 0;
            if (_member == RequestMember.TextOrTokens)
            {
                _textBytes += (long)BytesPerToken * skipped;
            }
        }

        // The reader stands behind white space that may follow the object: only the start of the root is used.
        _scan.Root = new BodyRange(rootStart, Consumed - rootStart);
        _scan.Facts.Prompts = Math.Max(1, _prompts);
        _scan.Facts.EstimatedInputTokens = (_textBytes + BytesPerToken - 1) / BytesPerToken;
        return _scan.Members.Count == 0 ? InspectionErrors.NotAnObject : null;
    }

    private ApiError? OnName(InspectionOptions options)
    {
        if (_reader is { HasValueSequence: false, ValueIsEscaped: false })
        {
            return OnName(_reader.ValueSpan, options);
        }

        var length = _reader.HasValueSequence ? (int)_reader.ValueSequence.Length : _reader.ValueSpan.Length;
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            return OnName(buffer.AsSpan(0, _reader.CopyString(buffer)), options);
        }
        catch (InvalidOperationException)
        {
            // An escape for half a surrogate pair: such a name has no UTF-8 form to compare.
            return InspectionErrors.InvalidUtf8;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private ApiError? OnName(ReadOnlySpan<byte> name, InspectionOptions options)
    {
        switch (_names.Add(name))
        {
            case MemberNameResult.Duplicate:
                return InspectionErrors.DuplicateName;
            case MemberNameResult.TooMany:
                return InspectionErrors.TooManyMembers(options.MaxObjectMembers);
        }

        if (_reader.CurrentDepth == 1)
        {
            _name = Encoding.UTF8.GetString(name);
            _member = RequestMembers.Find(_name);
            _holdsPrompts = _name is "prompt" or "messages";
            _valueStart = -1;
        }

        // Base64 of images and audio: bytes, not text. A text that begins like a data URL is text all the same.
        _isMedia = name.SequenceEqual("data"u8) || name.SequenceEqual("file_data"u8);
        _isUrl = name.SequenceEqual("url"u8) || name.EndsWith("_url"u8);
        _isIncludeUsage = _member == RequestMember.StreamOptions && _reader.CurrentDepth == 2 && name.SequenceEqual("include_usage"u8);
        return null;
    }

    private ApiError? OnValue()
    {
        if (_reader.CurrentDepth == 1 && _valueStart < 0)
        {
            _valueStart = _numbers.Start + _reader.TokenStartIndex;
            if (OnMember() is { } error)
            {
                return error;
            }
        }

        if (_isIncludeUsage)
        {
            _isIncludeUsage = false;
            if (!TryReadSwitch(out var includeUsage))
            {
                return InspectionErrors.WrongType("stream_options.include_usage", "must be true or false");
            }

            _scan.Facts.IncludeUsage = includeUsage;
        }

        if (_holdsPrompts && _reader is { CurrentDepth: 2, TokenType: JsonTokenType.String or JsonTokenType.StartArray })
        {
            _prompts++;
        }

        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject:
                _names.Open();
                return null;
            case JsonTokenType.EndObject:
                _names.Close();
                break;
            case JsonTokenType.StartArray:
                return null;
            case JsonTokenType.String when _member is RequestMember.Text or RequestMember.TextOrTokens:
                _textBytes += TextLength();
                break;
            case JsonTokenType.Number when _member == RequestMember.TextOrTokens:
                _textBytes += BytesPerToken;
                break;
        }

        if (_reader.CurrentDepth == 1)
        {
            _scan.Members.Add(new BodyMember(_name, new BodyRange(_valueStart, Consumed - _valueStart)));
            _member = RequestMember.Other;
        }

        return null;
    }

    /// <summary>Reads the value of a root member at its first token.</summary>
    private readonly ApiError? OnMember()
    {
        var facts = _scan.Facts;
        switch (_member)
        {
            case RequestMember.Model when _reader.TokenType == JsonTokenType.String:
                return ReadModel();
            case RequestMember.Model when _reader.TokenType != JsonTokenType.Null:
                return InspectionErrors.WrongType(_name, "must be a string");
            case RequestMember.Stream:
                facts.Stream = TryReadSwitch(out var stream) && stream;
                return TryReadSwitch(out _) ? null : InspectionErrors.WrongType(_name, "must be true or false");
            case RequestMember.StreamOptions when _reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.Null):
                return InspectionErrors.WrongType(_name, "must be an object");
            case RequestMember.MaxTokens when _reader.TokenType != JsonTokenType.Null:
                if (!TryReadCount(out var tokens))
                {
                    return InspectionErrors.WrongType(_name, "must be a whole number, 0 or more");
                }

                // Where two of the names are given the larger one is the safe estimate, whichever vLLM goes by.
                facts.MaxOutputTokens = Math.Max(facts.MaxOutputTokens ?? 0, tokens);
                return null;
            case RequestMember.Choices when _reader.TokenType != JsonTokenType.Null:
                if (!TryReadCount(out var choices))
                {
                    return InspectionErrors.WrongType(_name, "must be a whole number, 0 or more");
                }

                facts.Choices = choices;
                return null;
            default:
                return null;
        }
    }

    private readonly ApiError? ReadModel()
    {
        // Six bytes is the longest escape of a character.
        var length = _reader.HasValueSequence ? _reader.ValueSequence.Length : _reader.ValueSpan.Length;
        if (length > MaxModelLength * 6)
        {
            return InspectionErrors.ModelTooLong;
        }

        try
        {
            _scan.Facts.Model = _reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return InspectionErrors.InvalidUtf8;
        }

        return _scan.Facts.Model!.Length > MaxModelLength ? InspectionErrors.ModelTooLong : null;
    }

    private readonly bool TryReadSwitch(out bool value)
    {
        value = _reader.TokenType == JsonTokenType.True;
        return _reader.TokenType is JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null;
    }

    private readonly bool TryReadCount(out long value)
    {
        value = 0;
        return _reader.TokenType == JsonTokenType.Number && _reader.TryGetInt64(out value) && value >= 0;
    }

    private readonly long TextLength()
    {
        if (_isMedia)
        {
            return 0;
        }

        if (!_reader.HasValueSequence)
        {
            return _isUrl && _reader.ValueSpan.StartsWith("data:"u8) ? 0 : _reader.ValueSpan.Length;
        }

        var sequence = _reader.ValueSequence;
        Span<byte> head = stackalloc byte[5];
        var start = sequence.Slice(0, Math.Min(sequence.Length, head.Length));
        start.CopyTo(head);
        return _isUrl && head.SequenceEqual("data:"u8) ? 0 : sequence.Length;
    }
}
