namespace VllmSecure.Simulator;

/// <summary>
/// One thing to go wrong with one inference request. A refused connection is not among them: stop the simulator for that.
/// Tokens are counted over all choices; a fault that lies beyond the last token strikes after it, before <c>[DONE]</c>.
/// </summary>
public sealed record Fault
{
    private Fault(FaultKind kind) => Kind = kind;

    /// <summary>What goes wrong.</summary>
    public FaultKind Kind { get; }

    /// <summary>How many tokens are sent before it does.</summary>
    public int AfterTokens { get; private init; }

    /// <summary>How late the headers are.</summary>
    public TimeSpan Delay { get; private init; }

    /// <summary>The status of <see cref="Status(int)"/>.</summary>
    public int StatusCode { get; private init; }

    /// <inheritdoc cref="FaultKind.ResetBeforeHeaders"/>
    public static Fault ResetBeforeHeaders { get; } = new(FaultKind.ResetBeforeHeaders);

    /// <inheritdoc cref="FaultKind.ResetBeforeFirstByte"/>
    public static Fault ResetBeforeFirstByte { get; } = new(FaultKind.ResetBeforeFirstByte);

    /// <summary>Hangs until the client leaves; after <see cref="FaultPlan.Release"/> it answers as usual.</summary>
    public static Fault HangBeforeHeaders { get; } = new(FaultKind.HangBeforeHeaders);

    /// <summary>Broken frames after the first token; the rest of the stream is as usual.</summary>
    public static Fault MalformedSse { get; } = new(FaultKind.MalformedSse) { AfterTokens = 1 };

    /// <summary>A stream ends after its first token without terminating chunk; another body ends half-way.</summary>
    public static Fault TruncatedBody { get; } = new(FaultKind.TruncatedBody) { AfterTokens = 1 };

    /// <inheritdoc cref="FaultKind.ResetMidStream"/>
    public static Fault ResetMidStream(int afterTokens) => new(FaultKind.ResetMidStream) { AfterTokens = afterTokens };

    /// <summary>Hangs until the client leaves; after <see cref="FaultPlan.Release"/> it goes on.</summary>
    public static Fault Stall(int afterTokens) => new(FaultKind.Stall) { AfterTokens = afterTokens };

    /// <inheritdoc cref="FaultKind.SlowHeaders"/>
    public static Fault SlowHeaders(TimeSpan delay) => new(FaultKind.SlowHeaders) { Delay = delay };

    /// <summary>vLLM's error in mid-stream; a request that does not stream is answered 500.</summary>
    public static Fault ErrorInStream(int afterTokens) => new(FaultKind.ErrorInStream) { AfterTokens = afterTokens };

    /// <inheritdoc cref="FaultKind.Status"/>
    public static Fault Status(int statusCode) => new(FaultKind.Status) { StatusCode = statusCode };
}
