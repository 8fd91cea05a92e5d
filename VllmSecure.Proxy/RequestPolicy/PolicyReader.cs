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
    private readonly PolicyPlace _root;
    private Utf8JsonReader _reader;
    private NumberRun _numbers;
    private PolicyStack _stack = new();
    private MediaCheck _media;
    private PolicyName _name = PolicyName.Unknown;
    private FieldRule? _structured;
    private bool _isStructuredSchema;
    private bool _isPattern;
    private bool _isPatternMap;
    private bool _isType;
    private int _schemaDepth;
    private long _schemaStart;
    private bool _hasToolPattern;
    private bool _hasStrictTool;
    private bool _isCallForced;

    private PolicyReader(ReadOnlySequence<byte> json, RequestPolicyOptions options, PolicyPlace root, bool mayUseState = false)
    {
        _options = options;
        _mayUseState = mayUseState;
        _root = root;
        _media = new MediaCheck(options);
        _reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        _numbers = new NumberRun(json);
    }

    /// <summary>The refusal, or null for a body that may pass.</summary>
    public static ApiError? Check(ReadOnlySequence<byte> body, RequestPolicyOptions options, bool mayUseState = false)
    {
        using var policy = new PolicyReader(body, options, PolicyPlace.Root, mayUseState);
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

        // Only now: the choice may stand before the tools or behind them.
        return _hasToolPattern && (_hasStrictTool || _isCallForced) ? PolicyErrors.Field(PolicyNames.SchemaPattern) : null;
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
                _media.OnName(name);
                break;
            case PolicyPlace.OutputSchema or PolicyPlace.ToolSchema:
                _isPattern = name.SequenceEqual("pattern"u8);
                _isPatternMap = name.SequenceEqual("patternProperties"u8);
                _isType = name.SequenceEqual("type"u8);
                break;
            case PolicyPlace.ToolChoice:
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
            return OnRoot();
        }

        if (Count() is { } tooMany)
        {
            return tooMany;
        }

        var place = _stack.Top.Place;
        var error = place switch
        {
            PolicyPlace.Open or PolicyPlace.Root => OnField(place == PolicyPlace.Root),
            PolicyPlace.Media => _media.OnMember(in _reader, _stack.Top.Media),
            PolicyPlace.MediaList => _media.OnItem(in _reader),
            PolicyPlace.OutputSchema => OnSchema(),
            PolicyPlace.ToolSchema => OnToolSchema(),
            PolicyPlace.ToolChoice => OnToolChoice(),
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

    private ApiError? OnRoot()
    {
        var isSchema = _root == PolicyPlace.OutputSchema;
        if (isSchema && _reader.TokenType != JsonTokenType.StartObject)
        {
            return PolicyErrors.SchemaText();
        }

        _schemaDepth = isSchema ? 1 : 0;
        _stack.Push(new PolicyFrame { Place = _root });
        return null;
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

        if (OnKeyword(_name.Keyword) is { } error)
        {
            return error;
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
            MediaKind.None => CheckSchemaLength(),
            MediaKind.Source => null,
            var kind => _media.OnField(in _reader, kind),
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

    private ApiError? OnKeyword(PolicyKeyword keyword)
    {
        switch (keyword)
        {
            case PolicyKeyword.Type when IsText(PolicyNames.PromptEmbeds.Name) && !IsAllowed(PolicyNames.PromptEmbeds):
                return PolicyErrors.Field(PolicyNames.PromptEmbeds);
            case PolicyKeyword.Schema:
                return CheckSchemaText();
            case PolicyKeyword.StrictTool:
                _hasStrictTool |= SaysSomething();
                return null;
            case PolicyKeyword.ToolChoice:
                _isCallForced = _reader.TokenType != JsonTokenType.Null && !LeavesTheChoice();
                return null;
            default:
                return null;
        }
    }

    private readonly ApiError? CheckSchemaLength() =>
        _name.Opens == PolicyPlace.OutputSchema && Length() > _options.MaxSchemaBytes ? PolicyErrors.SchemaSize(_options.MaxSchemaBytes) : null;

    /// <summary>A schema may be given as a string of JSON: nothing else has looked into it.</summary>
    private readonly ApiError? CheckSchemaText()
    {
        if (_reader.TokenType != JsonTokenType.String)
        {
            return null;
        }

        var length = Length();
        if (length > _options.MaxSchemaBytes)
        {
            return PolicyErrors.SchemaSize(_options.MaxSchemaBytes);
        }

        var buffer = ArrayPool<byte>.Shared.Rent((int)length);
        try
        {
            var json = new ReadOnlySequence<byte>(buffer, 0, _reader.CopyString(buffer));
            using var schema = new PolicyReader(json, _options, PolicyPlace.OutputSchema);
            return schema.Run();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // No JSON, or an escape for half a surrogate pair.
            return PolicyErrors.SchemaText();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private readonly bool IsText(string text) => JsonText.Is(in _reader, text);

    /// <summary>Whether the value is a pattern. An object named "pattern" is a property of that name, not the keyword.</summary>
    private bool TakePattern()
    {
        var (isPattern, isPatternMap) = (_isPattern, _isPatternMap);
        _isPattern = _isPatternMap = false;
        return (isPattern && _reader.TokenType == JsonTokenType.String) || (isPatternMap && _reader.TokenType == JsonTokenType.StartObject);
    }

    /// <summary>A tool's patterns are compiled only where its call is forced, or strict.</summary>
    private ApiError? OnToolSchema()
    {
        _hasToolPattern |= TakePattern() && !IsAllowed(PolicyNames.SchemaPattern);
        return null;
    }

    private ApiError? OnToolChoice()
    {
        _isCallForced &= !(_isType && LeavesTheChoice());
        _isType = false;
        return null;
    }

    private readonly bool LeavesTheChoice() => IsText("auto") || IsText("none");

    private ApiError? OnSchema()
    {
        var isType = _isType;
        _isType = false;
        if (TakePattern())
        {
            return IsAllowed(PolicyNames.SchemaPattern) ? null : PolicyErrors.Field(PolicyNames.SchemaPattern);
        }

        return isType && IsText(PolicyNames.StructuralTag.Name) && !IsAllowed(PolicyNames.StructuralTag)
            ? PolicyErrors.Field(PolicyNames.StructuralTag)
            : null;
    }

    private ApiError? OnStructuredOutput()
    {
        var rule = _structured;
        _structured = null;
        return rule is not null && !IsAllowed(rule) && SaysSomething() ? PolicyErrors.Field(rule)
            : _isStructuredSchema ? CheckSchemaText()
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
            PolicyPlace.StructuredOutputs or PolicyPlace.ToolChoice => PolicyPlace.ClientData,
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

    private readonly long Length() => JsonText.Length(in _reader);
}
