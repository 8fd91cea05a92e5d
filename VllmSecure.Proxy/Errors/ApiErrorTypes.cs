namespace VllmSecure.Proxy.Errors;

/// <summary>OpenAI's error types, as its SDKs and vLLM's clients know them.</summary>
internal static class ApiErrorTypes
{
    public const string InvalidRequest = "invalid_request_error";
    public const string Authentication = "authentication_error";
    public const string Permission = "permission_error";
    public const string NotFound = "not_found_error";
    public const string TooLarge = "request_too_large";
    public const string RateLimit = "rate_limit_error";
    public const string Server = "api_error";
    public const string Unavailable = "service_unavailable_error";
    public const string Timeout = "timeout_error";

    /// <summary>The type that goes with a bare HTTP status.</summary>
    public static string ForStatus(int status) => status switch
    {
        401 => Authentication,
        403 => Permission,
        404 => NotFound,
        413 => TooLarge,
        429 => RateLimit,
        503 => Unavailable,
        504 => Timeout,
        >= 500 => Server,
        _ => InvalidRequest,
    };
}
