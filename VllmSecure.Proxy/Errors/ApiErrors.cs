using System.Globalization;

namespace VllmSecure.Proxy.Errors;

/// <summary>The errors that more than one feature gives.</summary>
internal static class ApiErrors
{
    /// <summary>How long a client should wait before it asks an upstream again that was not there.</summary>
    private static readonly TimeSpan UpstreamRetry = TimeSpan.FromSeconds(5);

    /// <summary>The same, as the Retry-After header has it.</summary>
    public static string UpstreamRetrySeconds { get; } = UpstreamRetry.TotalSeconds.ToString(CultureInfo.InvariantCulture);

    public static ApiError UnknownEndpoint { get; } = new(
        StatusCodes.Status404NotFound, ApiErrorTypes.NotFound, "unknown_endpoint",
        "There is no such endpoint. The API starts at /v1, for example POST /v1/chat/completions.");

    /// <summary>The same for an id that was never given, one that is another key's, and one that is forgotten: nobody can tell them apart.</summary>
    public static ApiError UnknownResponse { get; } = new(
        StatusCodes.Status404NotFound, ApiErrorTypes.NotFound, "response_not_found",
        "No response is kept under this id.");

    public static ApiError InternalError { get; } = new(
        StatusCodes.Status500InternalServerError, ApiErrorTypes.Server, "internal_error",
        "The proxy failed to handle this request. Its log has the reason under this answer's X-Request-Id.");

    public static ApiError NoUpstream { get; } = new(
        StatusCodes.Status503ServiceUnavailable, ApiErrorTypes.Unavailable, "no_upstream",
        "No model server is available for this request. Try again shortly.")
    { RetryAfter = UpstreamRetry };

    public static ApiError UpstreamLoading { get; } = new(
        StatusCodes.Status503ServiceUnavailable, ApiErrorTypes.Unavailable, "upstream_loading",
        "The model server does not accept connections: it is still loading its model, or is down. Try again shortly.")
    {
        RetryAfter = UpstreamRetry,
    };

    public static ApiError UpstreamFailed { get; } = new(
        StatusCodes.Status502BadGateway, ApiErrorTypes.Server, "upstream_failed",
        "The model server broke off the request before its answer was complete.");

    public static ApiError UpstreamUnreachable { get; } = new(
        StatusCodes.Status502BadGateway, ApiErrorTypes.Server, "upstream_unreachable",
        "The model server could not be reached.");

    public static ApiError UpstreamTimedOut { get; } = new(
        StatusCodes.Status504GatewayTimeout, ApiErrorTypes.Timeout, "upstream_timeout",
        "The model server did not answer within the proxy's time budget (Timeouts:*).");

    public static ApiError ShuttingDown { get; } = new(
        StatusCodes.Status503ServiceUnavailable, ApiErrorTypes.Unavailable, "shutting_down",
        "The proxy is shutting down and takes no new requests. Try again shortly.")
    { RetryAfter = UpstreamRetry };

    public static ApiError Draining { get; } = new(
        StatusCodes.Status503ServiceUnavailable, ApiErrorTypes.Unavailable, "draining",
        "The proxy takes no new requests at the moment: its operator is draining it. Try again shortly.")
    { RetryAfter = UpstreamRetry };

    /// <summary>413 with the limit in bytes that the body broke.</summary>
    public static ApiError BodyTooLarge(long limit) => new(
        StatusCodes.Status413PayloadTooLarge, ApiErrorTypes.TooLarge, "request_too_large",
        string.Create(CultureInfo.InvariantCulture, $"The request body is larger than the {limit} bytes allowed on this endpoint."));

    /// <summary>The error for a bare HTTP status that some lower layer set.</summary>
    public static ApiError ForStatus(int status) => new(
        status,
        ApiErrorTypes.ForStatus(status),
        status switch
        {
            400 => "bad_request",
            404 => "not_found",
            405 => "method_not_allowed",
            408 => "request_timeout",
            411 => "length_required",
            413 => "request_too_large",
            414 => "uri_too_long",
            415 => "unsupported_media_type",
            431 => "request_header_fields_too_large",
            502 => "upstream_failed",
            503 => "service_unavailable",
            504 => "upstream_timeout",
            _ => "http_error",
        },
        status switch
        {
            400 => "The request is not valid HTTP.",
            404 => "There is nothing at this address.",
            408 => "The request did not arrive in time.",
            411 => "The request needs a Content-Length.",
            413 => "The request body is too large.",
            414 => "The request line is too long.",
            431 => "The request headers are too large or too many.",
            502 => "The model server gave no valid answer.",
            503 => "The service is not available. Try again shortly.",
            504 => "The model server did not answer in time.",
            _ => string.Create(CultureInfo.InvariantCulture, $"The request failed with HTTP status {status}."),
        });
}
