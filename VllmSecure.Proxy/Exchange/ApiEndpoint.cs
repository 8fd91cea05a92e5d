namespace VllmSecure.Proxy.Exchange;

/// <summary>One endpoint of vLLM's HTTP server, as the table in <c>ApiSurface</c> lists it.</summary>
/// <param name="Path">The exact path, or a template with one <c>{id}</c> segment.</param>
/// <param name="Class">What it is opened or closed with.</param>
/// <param name="Methods">The HTTP methods that vLLM answers on it.</param>
internal sealed record ApiEndpoint(string Path, EndpointClass Class, params string[] Methods)
{
    /// <summary>How its bodies are to be read.</summary>
    public WireFormat Format { get; init; }

    /// <summary><c>gen_ai.operation.name</c> of the OpenTelemetry GenAI conventions; null where no model is asked.</summary>
    public string? Operation { get; init; }

    /// <summary>Whether bodies may carry images, audio or video and so get the larger body limit.</summary>
    public bool AcceptsMedia { get; init; }

    /// <summary>Whether an answer is kept by vLLM and can be asked for again by its id.</summary>
    public bool IsStateful { get; init; }

    /// <summary>The value for the Allow header (RFC 9110 section 10.2.1).</summary>
    public string Allow { get; } = string.Join(", ", Methods);

    /// <summary>The error shape of its clients.</summary>
    public ErrorDialect Dialect { get; } = DialectOf(Path);

    /// <summary>Anthropic's SDKs call <c>/v1/messages</c> and below; everything else is OpenAI's.</summary>
    public static ErrorDialect DialectOf(ReadOnlySpan<char> path) =>
        path.StartsWith("/v1/messages", StringComparison.Ordinal) ? ErrorDialect.Anthropic : ErrorDialect.OpenAI;
}
