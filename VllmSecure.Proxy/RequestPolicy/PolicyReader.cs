using System.Buffers;
using System.Text.Json;
using VllmSecure.Proxy.Errors;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.RequestPolicy;

/// <summary>
/// Holds a JSON body against the policy, in one pass that stops at the first thing that is not allowed. The body is known
/// to be well-formed, and to name each member once.
/// </summary>
internal ref struct PolicyReader : IDisposable
{
    /// <summary>Deeper bodies did not get here.</summary>
    private const int MaxDepth = 1000;

    /// <summary>Escapes make a name of 64 characters at most six times as long.</summary>
    private const int LongestEscapedName = 6 * 64;

    /// <summary>A switch's value, such as a level of effort; templates paste it into the prompt.</summary>
    private const int LongestSwitchValue = 64;

    private readonly RequestPolicyOptions _options;
    private readonly bool _mayUseState;
    private Utf8JsonReader _reader;
    private NumberRun _numbers;
    private PolicyStack _stack = new();
    private PolicyName _name = PolicyName.Unknown;
    private FieldRule? _structured;
    private bool _isStructuredSchema;
    private bool _isPattern;
    private bool _isPatternMap;
    private bool _isType;
    private bool _isUrl;
    private bool _isData;
    private bool _isMediaType;
    private int _mediaItems;
    private int _schemaDepth;
    private long _schemaStart;

    private PolicyReader(ReadOnlySequence<byte> body, RequestPolicyOptions options, bool mayUseState)
    {
        _options = options;
        _mayUseState = mayUseState;
        _reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        _numbers = new NumberRun(body);
    }

    /// <summary>The refusal, or null for a body that may pass.</summary>
    public static ApiError? Check(ReadOnlySequence<byte> body, RequestPolicyOptions options, bool mayUseState = false)
    {
        using var policy = new PolicyReader(body, options, mayUseState);
        return policy.Run();
    }

    public readonly void Dispose() => _stack.Dispose();

    private ApiError? Run()
    {
        while (_reader.Read())
        {
            var error = _reader.TokenType switch
            {
                JsonTokenType.PropertyName => OnName(),
                JsonTokenType.EndObject or JsonTokenType.EndArray => OnEnd(),
                _ => OnValue(),
            };
            if (error is not null)
            {
                return error;
            }

            // Numbers that are counted must be seen; of no other list is a rule about a number that follows a number.
            if (_stack.Depth == 0 || _stack.Top.Cap is not { CountsNumbers: true })
            {
                _numbers.Skip(ref _reader);
            }
        }

        return null;
    }

    private ApiError? OnName()
    {
        if (_reader is { HasValueSequence: false, ValueIsEscaped: false })
        {
            return OnName(_reader.ValueSpan);
        }

        var length = _reader.HasValueSequence ? _reader.ValueSequence.Length : _reader.ValueSpan.Length;
        if (length > LongestEscapedName)
        {
            return OnName(default);
        }

        Span<byte> name = stackalloc byte[LongestEscapedName];
        return OnName(name[.._reader.CopyString(name)]);
    }

    private ApiError? OnName(scoped ReadOnlySpan<byte> name)
    {
        _name = PolicyName.Unknown;
        switch (_stack.Top.Place)
        {
            case PolicyPlace.Open or PolicyPlace.Root:
                _name = PolicyNames.Find(name);
                break;
            case PolicyPlace.Media:
                _isUrl = name.SequenceEqual("url"u8);
                _isData = name.SequenceEqual("data"u8);
                _isMediaType = name.SequenceEqual("media_type"u8);
                break;
            case PolicyPlace.OutputSchema:
                _isPattern = name.SequenceEqual("pattern"u8);
                _isPatternMap = name.SequenceEqual("patternProperties"u8);
                _isType = name.SequenceEqual("type"u8);
                break;
            case PolicyPlace.StructuredOutputs:
                _structured = PolicyNames.FindInStructuredOutputs(name);
                _isStructuredSchema = name.SequenceEqual("json"u8) || name.SequenceEqual("choice"u8);
                break;
            case PolicyPlace.TemplateSwitches when !TemplateSwitches.IsKnown(name, _options.TemplateSwitches):
                return PolicyErrors.TemplateSwitch();
        }

        return null;
    }

    /// <summary>A scalar, or the start of an object or array: the value of the last name, or an item of an array.</summary>
    private ApiError? OnValue()
    {
        var isContainer = _reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
        if (_stack.Depth == 0)
        {
            _stack.Push(new PolicyFrame { Place = PolicyPlace.Root });
            return null;
        }

        if (Count() is { } tooMany)
        {
            return tooMany;
        }

        var place = _stack.Top.Place;
        var error = place switch
        {
            PolicyPlace.Open or PolicyPlace.Root => OnField(place == PolicyPlace.Root),
            PolicyPlace.Media => OnMedia(),
            PolicyPlace.MediaList => _reader.TokenType == JsonTokenType.String ? CheckUrl(MediaKind.Image) : PolicyErrors.MediaSource(),
            PolicyPlace.OutputSchema => OnSchema(),
            PolicyPlace.StructuredOutputs => OnStructuredOutput(),
            PolicyPlace.TemplateSwitches when isContainer || Length() > LongestSwitchValue => PolicyErrors.TemplateSwitch(),
            _ => null,
        };
        if (error is null && isContainer)
        {
            error = Open();
        }

        _name = PolicyName.Unknown;
        return error;
    }

    /// <summary>Counts an item of a list that has a limit. A list of numbers is mostly one prompt of token ids.</summary>
    private readonly ApiError? Count()
    {
        ref var list = ref _stack.Top;
        if (list.Cap is not { } cap
            || (_reader.TokenType == JsonTokenType.Number && !cap.CountsNumbers)
            || (cap.CountsListsOnly && _reader.TokenType != JsonTokenType.StartArray))
        {
            return null;
        }

        var limit = cap.Limit(_options);
        return ++list.Items > limit ? PolicyErrors.Limit(cap, limit) : null;
    }

    private ApiError? OnField(bool isRoot)
    {
        if (_name.Field is { } field && (isRoot || field.Scope == FieldScope.Anywhere) && !IsAllowed(field) && SaysSomething(field, isRoot))
        {
            return PolicyErrors.Field(field);
        }

        if (_name.Keyword == PolicyKeyword.Type && IsText(PolicyNames.PromptEmbeds) && !IsAllowed(PolicyNames.PromptEmbeds))
        {
            return PolicyErrors.Field(PolicyNames.PromptEmbeds);
        }

        if (_name.Cap is { CountsItems: false } cap && isRoot)
        {
            return CheckNumber(cap);
        }

        if (_name.Opens == PolicyPlace.MediaList && isRoot)
        {
            return _reader.TokenType is JsonTokenType.StartArray or JsonTokenType.Null ? null : PolicyErrors.MediaSource();
        }

        return _name.Media switch
        {
            MediaKind.None => CheckSchemaText(_name.Opens),
            MediaKind.Source => null,
            var kind => OnMediaField(kind),
        };
    }

    private readonly ApiError? CheckNumber(CapRule cap)
    {
        // "logprobs": true is chat's own form of the field.
        var isSwitch = _reader.TokenType is JsonTokenType.Null or JsonTokenType.False
            || (_reader.TokenType == JsonTokenType.True && cap.Field == "logprobs");
        var limit = cap.Limit(_options);
        return isSwitch || (_reader.TokenType == JsonTokenType.Number && _reader.TryGetInt64(out var value) && value >= 0 && value <= limit)
            ? null
            : PolicyErrors.Limit(cap, limit);
    }

    /// <summary>A schema may be given as a string of JSON.</summary>
    private readonly ApiError? CheckSchemaText(PolicyPlace opens) =>
        opens == PolicyPlace.OutputSchema && Length() > _options.MaxSchemaBytes ? PolicyErrors.SchemaSize(_options.MaxSchemaBytes) : null;

    private ApiError? OnMediaField(MediaKind kind)
    {
        if (kind == MediaKind.Video && !_options.AllowVideo && SaysSomething())
        {
            return PolicyErrors.MediaType();
        }

        return _reader.TokenType switch
        {
            JsonTokenType.String => CheckUrl(kind),
            JsonTokenType.StartObject or JsonTokenType.Null => null,
            _ => PolicyErrors.MediaSource(),
        };
    }

    private ApiError? OnMedia()
    {
        var (isUrl, isData, isMediaType) = (_isUrl, _isData, _isMediaType);
        _isUrl = _isData = _isMediaType = false;
        if (_reader.TokenType == JsonTokenType.Null || !(isUrl || isData || isMediaType))
        {
            return null;
        }

        if (_reader.TokenType != JsonTokenType.String)
        {
            return PolicyErrors.MediaSource();
        }

        return isUrl ? CheckUrl(_stack.Top.Media)
            : isData ? CountMedia()
            : MediaSources.IsAllowedType(in _reader, _options) ? null : PolicyErrors.MediaType();
    }

    private ApiError? CheckUrl(MediaKind kind) => MediaSources.Check(in _reader, kind, _options) ?? CountMedia();

    private ApiError? CountMedia() =>
        Length() > _options.MaxMediaBytes ? PolicyErrors.MediaSize(_options.MaxMediaBytes)
        : ++_mediaItems > _options.MaxMediaItems ? PolicyErrors.MediaCount(_options.MaxMediaItems)
        : null;

    /// <summary>Whether the value is the name of a rule's field.</summary>
    private readonly bool IsText(FieldRule rule)
    {
        try
        {
            return _reader.TokenType == JsonTokenType.String && _reader.ValueTextEquals(rule.Name);
        }
        catch (InvalidOperationException)
        {
            // An escape for half a surrogate pair: the text of no type.
            return false;
        }
    }

    private ApiError? OnSchema()
    {
        var (isPattern, isPatternMap, isType) = (_isPattern, _isPatternMap, _isType);
        _isPattern = _isPatternMap = _isType = false;

        // An object named "pattern" is a property of that name, not the keyword.
        if ((isPattern && _reader.TokenType == JsonTokenType.String) || (isPatternMap && _reader.TokenType == JsonTokenType.StartObject))
        {
            return IsAllowed(PolicyNames.SchemaPattern) ? null : PolicyErrors.Field(PolicyNames.SchemaPattern);
        }

        return isType && IsText(PolicyNames.StructuralTag) && !IsAllowed(PolicyNames.StructuralTag)
            ? PolicyErrors.Field(PolicyNames.StructuralTag)
            : null;
    }

    private ApiError? OnStructuredOutput()
    {
        var rule = _structured;
        _structured = null;
        return rule is not null && !IsAllowed(rule) && SaysSomething() ? PolicyErrors.Field(rule)
            : _isStructuredSchema ? CheckSchemaText(PolicyPlace.OutputSchema)
            : null;
    }

    private ApiError? Open()
    {
        ref var parent = ref _stack.Top;
        var place = parent.Place switch
        {
            PolicyPlace.Root when _name.Cap is not null => PolicyPlace.Open,
            PolicyPlace.Open or PolicyPlace.Root when _reader.TokenType == JsonTokenType.StartArray && _name.Opens is PolicyPlace.ClientData or PolicyPlace.Media => PolicyPlace.Open,
            PolicyPlace.Open when _name.Opens == PolicyPlace.MediaList => PolicyPlace.Open,
            PolicyPlace.Open or PolicyPlace.Root => _name.Opens,
            PolicyPlace.StructuredOutputs when _isStructuredSchema => PolicyPlace.OutputSchema,
            PolicyPlace.StructuredOutputs => PolicyPlace.ClientData,
            var same => same,
        };
        var isSchema = place is PolicyPlace.OutputSchema or PolicyPlace.ToolSchema;
        if (isSchema && _schemaDepth++ == 0)
        {
            _schemaStart = _numbers.Start + _reader.TokenStartIndex;
        }

        var cap = parent.Place == PolicyPlace.Root && _name.Cap is { CountsItems: true } counted && _reader.TokenType == JsonTokenType.StartArray ? counted : null;
        _stack.Push(new PolicyFrame { Place = place, Media = _name.Media, Cap = cap });
        return isSchema && _schemaDepth > _options.MaxSchemaDepth ? PolicyErrors.SchemaDepth(_options.MaxSchemaDepth) : null;
    }

    private ApiError? OnEnd()
    {
        var isSchema = _stack.Pop().Place is PolicyPlace.OutputSchema or PolicyPlace.ToolSchema;
        return isSchema && --_schemaDepth == 0 && _numbers.Start + _reader.BytesConsumed - _schemaStart > _options.MaxSchemaBytes
            ? PolicyErrors.SchemaSize(_options.MaxSchemaBytes)
            : null;
    }

    private readonly bool SaysSomething(FieldRule rule, bool isRoot) =>
        (rule.NamesAPart && !isRoot) || (rule.OnlyNullPasses ? _reader.TokenType != JsonTokenType.Null : SaysSomething());

    /// <summary>Whether a field's value asks for anything: null, false and 0 are what vLLM takes when it is absent.</summary>
    private readonly bool SaysSomething() => _reader.TokenType switch
    {
        JsonTokenType.Null or JsonTokenType.False => false,
        JsonTokenType.Number => !_reader.TryGetInt64(out var number) || number != 0,
        _ => true,
    };

    private readonly bool IsAllowed(FieldRule rule) => rule.NeedsState ? _mayUseState : _options.AllowFields.Contains(rule.Field);

    private readonly long Length() =>
        _reader.TokenType != JsonTokenType.String ? 0
        : _reader.HasValueSequence ? _reader.ValueSequence.Length
        : _reader.ValueSpan.Length;
}
