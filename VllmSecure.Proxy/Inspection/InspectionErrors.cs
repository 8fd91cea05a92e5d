using System.Globalization;
using VllmSecure.Proxy.Errors;

namespace VllmSecure.Proxy.Inspection;

/// <summary>Why a body is not read on. No message quotes it.</summary>
internal static class InspectionErrors
{
    /// <summary>Bodies live for seconds to minutes: memory is free again soon.</summary>
    private static readonly TimeSpan BudgetRetry = TimeSpan.FromSeconds(5);

    public static ApiError UnsupportedMediaType { get; } = new(
        StatusCodes.Status415UnsupportedMediaType, ApiErrorTypes.InvalidRequest, "unsupported_media_type",
        "This endpoint takes JSON: send Content-Type: application/json, in UTF-8.");

    public static ApiError NotAForm { get; } = new(
        StatusCodes.Status415UnsupportedMediaType, ApiErrorTypes.InvalidRequest, "unsupported_media_type",
        "This endpoint takes a form with a file: send Content-Type: multipart/form-data with one boundary, in UTF-8.");

    public static ApiError UnsupportedEncoding { get; } = new(
        StatusCodes.Status415UnsupportedMediaType, ApiErrorTypes.InvalidRequest, "unsupported_content_encoding",
        "Send the request body uncompressed, without Content-Encoding.");

    public static ApiError UnknownTransferCoding { get; } = Invalid("unsupported_transfer_encoding", "The only Transfer-Encoding taken is 'chunked', once.");

    public static ApiError NoMemory { get; } = new(
        StatusCodes.Status503ServiceUnavailable, ApiErrorTypes.Unavailable, "proxy_overloaded",
        "The proxy holds too many large requests at the moment. Try again shortly.")
    { RetryAfter = BudgetRetry };

    public static ApiError InvalidUtf8 { get; } = Invalid("invalid_utf8", "The request body is not valid UTF-8.");

    public static ApiError NotAnObject { get; } = Invalid("invalid_json", "The request body must be a JSON object with at least one member.");

    public static ApiError BrokenForm { get; } = Invalid(
        "invalid_form",
        "The form is not plain multipart/form-data: each part needs one Content-Disposition with a simple name, and the boundary may stand nowhere else.");

    public static ApiError DuplicateField { get; } = Invalid("duplicate_key", "The form names the same field twice.");

    public static ApiError DuplicateName { get; } = Invalid("duplicate_key", "A JSON object in the request body names the same member twice.");

    public static ApiError ModelTooLong { get; } = WrongType("model", "must be a string of at most 256 characters");

    public static ApiError TooManyMembers(int limit) => Invalid(
        "json_too_wide",
        string.Create(CultureInfo.InvariantCulture, $"A JSON object in the request body has more than {limit} members (Inspection:MaxObjectMembers)."));

    public static ApiError NotJson(long line, long column) => Invalid(
        "invalid_json",
        string.Create(CultureInfo.InvariantCulture, $"The request body is not valid JSON, or too deep (Inspection:MaxDepth): see line {line + 1}, byte {column + 1}."));

    /// <summary>Stricter than vLLM, which would read <c>"5"</c>, <c>5.0</c> and <c>true</c> as numbers: nobody may read a limit differently than the proxy.</summary>
    public static ApiError WrongType(string name, string expected) => Invalid("invalid_type", $"'{name}' {expected}.") with { Param = name };

    private static ApiError Invalid(string code, string message) =>
        new(StatusCodes.Status400BadRequest, ApiErrorTypes.InvalidRequest, code, message);
}
