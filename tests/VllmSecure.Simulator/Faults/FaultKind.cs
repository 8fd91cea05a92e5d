namespace VllmSecure.Simulator;

/// <summary>What goes wrong; <see cref="Fault"/> says when.</summary>
public enum FaultKind
{
    /// <summary>A TCP reset before any byte of the answer.</summary>
    ResetBeforeHeaders,

    /// <summary>200 and its headers, then a TCP reset before the first byte of the body.</summary>
    ResetBeforeFirstByte,

    /// <summary>A TCP reset after some tokens.</summary>
    ResetMidStream,

    /// <summary>Silence after some tokens, the connection kept open.</summary>
    Stall,

    /// <summary>Silence instead of an answer, the connection kept open.</summary>
    HangBeforeHeaders,

    /// <summary>Headers come late; all else is as usual.</summary>
    SlowHeaders,

    /// <summary>An error event after some tokens, then <c>[DONE]</c>, with HTTP status 200.</summary>
    ErrorInStream,

    /// <summary>Frames that are no SSE and no JSON among the right ones.</summary>
    MalformedSse,

    /// <summary>An orderly close of the connection before the body is whole.</summary>
    TruncatedBody,

    /// <summary>An error status with vLLM's error body.</summary>
    Status,
}
