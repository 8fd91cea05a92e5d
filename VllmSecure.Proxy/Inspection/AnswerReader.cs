using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Inspection;

/// <summary>
/// Reads the facts of an answer (model, usage, finish reason, tokens, failure) from its JSON as it passes: a whole JSON
/// answer, or the data of one event after another.
/// </summary>
internal sealed class AnswerReader : ISsePayload, IJsonSink
{
    private readonly JsonSkimmer _json;
    private readonly long _choices;
    private readonly bool _readsId;
    private AnswerEvent _event;
    private bool _hasChoices;
    private bool _hasChoice;
    private bool _hasUsage;
    private bool _hasRootDelta;
    private bool _isDeltaType;
    private long _highestIndex = -1;
    private long _finished;
    private string? _finishReason;
    private string? _incompleteReason;
    private string? _status;
    private long _input;
    private long _imageInput;
    private long _output;
    private long _cached;
    private long _cacheRead;

    /// <param name="choices">How many answers were asked for.</param>
    /// <param name="readsId">Whether anybody wants to know <see cref="Id"/>.</param>
    public AnswerReader(long choices = 1, bool readsId = false)
    {
        _choices = choices;
        _readsId = readsId;
        _json = new JsonSkimmer(this);
    }

    /// <summary>The name that the answer goes by.</summary>
    public string? Id { get; private set; }

    public string? Model { get; private set; }

    /// <summary>The finish reason of the choice that finished first, or of one that did not finish in order; of a response or message, its status or stop reason.</summary>
    public string? FinishReason => _finishReason ?? _incompleteReason ?? _status;

    /// <summary>vLLM's last word on usage; null before it has said anything.</summary>
    public TokenUsage? Usage { get; private set; }

    /// <summary>Whether every choice that was asked for or seen has its finish reason.</summary>
    public bool IsFinished => _finished >= Math.Max(_choices, _highestIndex + 1);

    public void Append(ReadOnlySpan<byte> data) => _json.Feed(data);

    /// <summary>Ends an event, or the whole of a JSON answer, and tells what it was.</summary>
    public AnswerEvent EndEvent()
    {
        var result = _event;
        if (_hasRootDelta && _isDeltaType)
        {
            result |= AnswerEvent.Token;
        }

        if (_hasChoices && !_hasChoice && _hasUsage)
        {
            result |= AnswerEvent.UsageOnly;
        }

        if (_hasUsage)
        {
            // Anthropic counts what came from the cache beside input_tokens, OpenAI within prompt_tokens.
            Usage = new TokenUsage(_input + _imageInput + _cacheRead, _output, _cached + _cacheRead);
        }

        _json.Reset();
        _event = AnswerEvent.None;
        _hasChoices = _hasChoice = _hasUsage = _hasRootDelta = _isDeltaType = false;
        return result;
    }

    void IJsonSink.OnOpen(ulong path, bool isObject)
    {
        switch (path)
        {
            case AnswerPath.Choices:
                _hasChoices = true;
                break;
            case AnswerPath.Choice:
                _hasChoice = true;
                break;
            case AnswerPath.Error when isObject:
                _event |= AnswerEvent.Error;
                break;
        }
    }

    void IJsonSink.OnString(ulong path, ReadOnlySpan<byte> text, bool isEmpty)
    {
        switch (path)
        {
            case AnswerPath.ChoiceDeltaContent or AnswerPath.ChoiceDeltaReasoning or AnswerPath.ChoiceDeltaRefusal
                or AnswerPath.ChoiceText or AnswerPath.ChoiceDeltaFunctionName or AnswerPath.ChoiceDeltaFunctionArguments
                or AnswerPath.DeltaText or AnswerPath.DeltaThinking or AnswerPath.DeltaPartialJson
                or AnswerPath.DeltaMessageText or AnswerPath.DeltaMessageThinking or AnswerPath.DeltaMessageToolPlan
                or AnswerPath.DeltaMessageFunctionName or AnswerPath.DeltaMessageFunctionArguments when !isEmpty:
                _event |= AnswerEvent.Token;
                break;
            case AnswerPath.Delta when !isEmpty:
                _hasRootDelta = true;
                break;
            case AnswerPath.Type:
                OnType(text);
                break;
            case AnswerPath.Id when _readsId && Id is null && !text.IsEmpty:
                Id = Unescape(text);
                break;
            case AnswerPath.Model when Model is null && !text.IsEmpty:
                Model = Unescape(text);
                break;
            case AnswerPath.ChoiceFinishReason:
                _finished++;
                _finishReason = _finishReason is null || !IsInOrder(text) ? Intern(text) : _finishReason;
                break;
            case AnswerPath.DeltaStopReason or AnswerPath.StopReason:
                _finishReason ??= Intern(text);
                break;
            case AnswerPath.Status when !text.SequenceEqual("in_progress"u8) && !text.SequenceEqual("queued"u8):
                _status = Intern(text);
                break;
            case AnswerPath.IncompleteReason:
                _incompleteReason = Intern(text);
                break;
            case AnswerPath.Error:
                _event |= AnswerEvent.Error;
                break;
        }
    }

    void IJsonSink.OnLiteral(ulong path, ReadOnlySpan<byte> text)
    {
        switch (path)
        {
            case AnswerPath.ChoiceIndex when TryRead(text, out var index):
                _highestIndex = Math.Max(_highestIndex, index);
                break;
            case AnswerPath.UsageInput or AnswerPath.UsageTokensInput or AnswerPath.DeltaUsageInput or AnswerPath.MetaInput
                when TryRead(text, out var input):
                (_input, _hasUsage) = (input, true);
                break;
            case AnswerPath.MetaImageInput when TryRead(text, out var imageInput):
                (_imageInput, _hasUsage) = (imageInput, true);
                break;
            case AnswerPath.UsageOutput or AnswerPath.UsageTokensOutput or AnswerPath.DeltaUsageOutput when TryRead(text, out var output):
                (_output, _hasUsage) = (output, true);
                break;
            case AnswerPath.UsageCached or AnswerPath.UsageTokensCached or AnswerPath.DeltaUsageCached when TryRead(text, out var cached):
                _cached = cached;
                break;
            case AnswerPath.UsageCacheRead when TryRead(text, out var cacheRead):
                _cacheRead = cacheRead;
                break;
            case AnswerPath.DoneMarker when text.SequenceEqual("DONE"u8):
                _event |= AnswerEvent.Last;
                break;
        }
    }

    /// <summary>The types of the responses and messages formats.</summary>
    private void OnType(ReadOnlySpan<byte> type)
    {
        _isDeltaType = type.EndsWith(".delta"u8);
        if (type.SequenceEqual("error"u8) || type.SequenceEqual("response.failed"u8))
        {
            _event |= AnswerEvent.Error | AnswerEvent.Last;
        }
        else if (type.SequenceEqual("message_stop"u8) || type.SequenceEqual("response.completed"u8) || type.SequenceEqual("response.incomplete"u8))
        {
            _event |= AnswerEvent.Last;
        }
    }

    private static bool IsInOrder(ReadOnlySpan<byte> reason) =>
        reason.SequenceEqual("stop"u8) || reason.SequenceEqual("length"u8) || reason.SequenceEqual("tool_calls"u8);

    private static bool TryRead(ReadOnlySpan<byte> text, out long number)
    {
        if (Utf8Parser.TryParse(text, out number, out var read) && read == text.Length)
        {
            return number >= 0;
        }

        // Cohere's counts are floats: 12.0.
        if (Utf8Parser.TryParse(text, out decimal real, out read) && read == text.Length && real is >= 0 and <= int.MaxValue)
        {
            number = (long)real;
            return true;
        }

        return false;
    }

    /// <summary>vLLM's usual reasons without a new string.</summary>
    private static string Intern(ReadOnlySpan<byte> text) => text switch
    {
        _ when text.SequenceEqual("stop"u8) => "stop",
        _ when text.SequenceEqual("length"u8) => "length",
        _ when text.SequenceEqual("tool_calls"u8) => "tool_calls",
        _ when text.SequenceEqual("completed"u8) => "completed",
        _ when text.SequenceEqual("end_turn"u8) => "end_turn",
        _ => Unescape(text),
    };

    private static string Unescape(ReadOnlySpan<byte> text)
    {
        if (!text.Contains((byte)'\\'))
        {
            return Encoding.UTF8.GetString(text);
        }

        try
        {
            var reader = new Utf8JsonReader([(byte)'"', .. text, (byte)'"']);
            reader.Read();
            return reader.GetString()!;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return string.Empty;
        }
    }
}
