namespace VllmSecure.Proxy.Inspection;

/// <summary>The member names in vLLM's answers that say something to the proxy. A path of them fits into 8 bytes.</summary>
internal enum AnswerName : byte
{
    /// <summary>An element of an array.</summary>
    Item = 1,
    Model,
    Type,
    Error,
    Choices,
    Index,
    Delta,
    Content,
    Text,
    Reasoning,
    Refusal,
    Thinking,
    PartialJson,
    ToolCalls,
    Function,
    Name,
    Arguments,
    FinishReason,
    StopReason,
    Status,
    IncompleteDetails,
    Reason,
    Usage,
    Input,
    Output,
    InputDetails,
    Cached,
    CacheRead,
    Id,
    Meta,
    BilledUnits,
    ImageInput,
    Tokens,
    ToolPlan,

    /// <summary>A part that holds the answer itself (<c>response</c> or <c>message</c> in an event): read like the root.</summary>
    Envelope,

    /// <summary>Any other name. Not 0, so that no path below it equals a path of known names.</summary>
    Other = 0xFF,
}
