namespace VllmSecure.Proxy.Errors;

/// <summary>A failure as a client sees it: OpenAI's error object with its HTTP status.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Type">OpenAI's error class: <c>invalid_request_error</c>, <c>authentication_error</c> …</param>
/// <param name="Code">A stable word for programs: <c>invalid_api_key</c>, <c>model_not_found</c> …</param>
/// <param name="Message">One or two sentences for people: what is wrong and what to do. Never content or credentials.</param>
internal sealed record ApiError(int Status, string Type, string Code, string Message)
{
    /// <summary>The request field at fault, if one is.</summary>
    public string? Param { get; init; }

    /// <summary>When to try again; goes out as the Retry-After header in whole seconds (RFC 9110 section 10.2.3).</summary>
    public TimeSpan? RetryAfter { get; init; }
}
