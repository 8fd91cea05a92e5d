using VllmSecure.Proxy.Errors;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.ApiKeys;

/// <summary>401 for each way a credential can be wrong: what to do about it, and never a part of the credential.</summary>
internal static class ApiKeyErrors
{
    private static readonly ApiError Missing = Invalid(
        "No API key was given. Send it as the header 'Authorization: Bearer KEY'.");

    private static readonly ApiError MissingAnthropic = Invalid(
        "No API key was given. Send it as the header 'x-api-key: KEY' or 'Authorization: Bearer KEY'.");

    private static readonly ApiError Malformed = Invalid(
        "The credential could not be read. Send one header 'Authorization: Bearer KEY' with the key in visible ASCII characters.");

    private static readonly ApiError Mistyped = Invalid(
        "The API key is mistyped or incomplete: its checksum does not match. Copy it again in full.");

    private static readonly ApiError Unknown = Invalid(
        "The API key is not known here. It may be revoked, or belong to another service.");

    private static readonly ApiError Expired = Invalid(
        "The API key has expired. Ask the operator of this service for a new one.");

    public static ApiError For(ApiKeyVerdict verdict, ErrorDialect dialect) => verdict switch
    {
        ApiKeyVerdict.Missing => dialect == ErrorDialect.Anthropic ? MissingAnthropic : Missing,
        ApiKeyVerdict.Malformed => Malformed,
        ApiKeyVerdict.Mistyped => Mistyped,
        ApiKeyVerdict.Expired => Expired,
        _ => Unknown,
    };

    private static ApiError Invalid(string message) =>
        new(StatusCodes.Status401Unauthorized, ApiErrorTypes.Authentication, "invalid_api_key", message);
}
