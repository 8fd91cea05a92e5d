namespace VllmSecure.Proxy.Inspection;

/// <summary>
/// The places in vLLM's answers that the proxy reads, a byte a level. They hold for chat, completions, responses, messages
/// and Cohere's formats alike, streamed or not: the formats share the words or do not collide.
/// </summary>
internal static class AnswerPath
{
    public const ulong Root = 0;

    /// <summary>Deeper than anything that is read.</summary>
    public const ulong TooDeep = ulong.MaxValue;

    public const ulong Id = (ulong)AnswerName.Id;
    public const ulong Model = (ulong)AnswerName.Model;
    public const ulong Type = (ulong)AnswerName.Type;
    public const ulong Error = (ulong)AnswerName.Error;
    public const ulong DoneMarker = (ulong)AnswerName.Item;

    public const ulong Choices = (ulong)AnswerName.Choices;
    public const ulong Choice = (Choices << 8) | (ulong)AnswerName.Item;
    public const ulong ChoiceIndex = (Choice << 8) | (ulong)AnswerName.Index;
    public const ulong ChoiceFinishReason = (Choice << 8) | (ulong)AnswerName.FinishReason;
    public const ulong ChoiceText = (Choice << 8) | (ulong)AnswerName.Text;
    public const ulong ChoiceDelta = (Choice << 8) | (ulong)AnswerName.Delta;
    public const ulong ChoiceDeltaContent = (ChoiceDelta << 8) | (ulong)AnswerName.Content;
    public const ulong ChoiceDeltaReasoning = (ChoiceDelta << 8) | (ulong)AnswerName.Reasoning;
    public const ulong ChoiceDeltaRefusal = (ChoiceDelta << 8) | (ulong)AnswerName.Refusal;
    private const ulong ChoiceDeltaFunction =
        (((((ChoiceDelta << 8) | (ulong)AnswerName.ToolCalls) << 8) | (ulong)AnswerName.Item) << 8) | (ulong)AnswerName.Function;
    public const ulong ChoiceDeltaFunctionName = (ChoiceDeltaFunction << 8) | (ulong)AnswerName.Name;
    public const ulong ChoiceDeltaFunctionArguments = (ChoiceDeltaFunction << 8) | (ulong)AnswerName.Arguments;

    public const ulong Delta = (ulong)AnswerName.Delta;
    public const ulong DeltaText = (Delta << 8) | (ulong)AnswerName.Text;
    public const ulong DeltaThinking = (Delta << 8) | (ulong)AnswerName.Thinking;
    public const ulong DeltaPartialJson = (Delta << 8) | (ulong)AnswerName.PartialJson;
    public const ulong DeltaStopReason = (Delta << 8) | (ulong)AnswerName.StopReason;

    public const ulong StopReason = (ulong)AnswerName.StopReason;
    public const ulong Status = (ulong)AnswerName.Status;
    public const ulong IncompleteReason = ((ulong)AnswerName.IncompleteDetails << 8) | (ulong)AnswerName.Reason;

    public const ulong Usage = (ulong)AnswerName.Usage;
    public const ulong UsageInput = (Usage << 8) | (ulong)AnswerName.Input;
    public const ulong UsageOutput = (Usage << 8) | (ulong)AnswerName.Output;
    public const ulong UsageCacheRead = (Usage << 8) | (ulong)AnswerName.CacheRead;
    public const ulong UsageCached = (((Usage << 8) | (ulong)AnswerName.InputDetails) << 8) | (ulong)AnswerName.Cached;

    // Cohere's: vllm/entrypoints/cohere/serving.py (the message of an event is in its delta) and pooling/embed/serving.py.
    private const ulong DeltaMessage = (Delta << 8) | (ulong)AnswerName.Envelope;
    private const ulong DeltaMessageContent = (DeltaMessage << 8) | (ulong)AnswerName.Content;
    private const ulong DeltaMessageFunction =
        (((DeltaMessage << 8) | (ulong)AnswerName.ToolCalls) << 8) | (ulong)AnswerName.Function;
    public const ulong DeltaMessageText = (DeltaMessageContent << 8) | (ulong)AnswerName.Text;
    public const ulong DeltaMessageThinking = (DeltaMessageContent << 8) | (ulong)AnswerName.Thinking;
    public const ulong DeltaMessageToolPlan = (DeltaMessage << 8) | (ulong)AnswerName.ToolPlan;
    public const ulong DeltaMessageFunctionName = (DeltaMessageFunction << 8) | (ulong)AnswerName.Name;
    public const ulong DeltaMessageFunctionArguments = (DeltaMessageFunction << 8) | (ulong)AnswerName.Arguments;

    private const ulong UsageTokens = (Usage << 8) | (ulong)AnswerName.Tokens;
    public const ulong UsageTokensInput = (UsageTokens << 8) | (ulong)AnswerName.Input;
    public const ulong UsageTokensOutput = (UsageTokens << 8) | (ulong)AnswerName.Output;
    public const ulong UsageTokensCached = (Usage << 8) | (ulong)AnswerName.Cached;
    private const ulong DeltaUsage = (Delta << 8) | (ulong)AnswerName.Usage;
    private const ulong DeltaUsageTokens = (DeltaUsage << 8) | (ulong)AnswerName.Tokens;
    public const ulong DeltaUsageInput = (DeltaUsageTokens << 8) | (ulong)AnswerName.Input;
    public const ulong DeltaUsageOutput = (DeltaUsageTokens << 8) | (ulong)AnswerName.Output;
    public const ulong DeltaUsageCached = (DeltaUsage << 8) | (ulong)AnswerName.Cached;
    private const ulong MetaBilledUnits = ((ulong)AnswerName.Meta << 8) | (ulong)AnswerName.BilledUnits;
    public const ulong MetaInput = (MetaBilledUnits << 8) | (ulong)AnswerName.Input;
    public const ulong MetaImageInput = (MetaBilledUnits << 8) | (ulong)AnswerName.ImageInput;

    /// <summary>The path of a member of an object.</summary>
    public static ulong Member(ulong container, AnswerName name) =>
        container == Root && name == AnswerName.Envelope ? Root : (container << 8) | (ulong)name;

    /// <summary>The path of an element of an array.</summary>
    public static ulong Item(ulong container) => (container << 8) | (ulong)AnswerName.Item;

    /// <summary>Whether the text of a string at this place is wanted, not only that it is there.</summary>
    public static bool IsRead(ulong path) =>
        path is Id or Model or Type or ChoiceFinishReason or DeltaStopReason or StopReason or Status or IncompleteReason;
}
