using Microsoft.Extensions.Primitives;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.ApiKeys;

/// <summary>Takes the credential out of a request.</summary>
internal static class PresentedCredential
{
    private const string AnthropicHeader = "x-api-key";
    private const string Scheme = "Bearer";

    // Wherever clients of other services put credentials: what is not ours must not reach vLLM or a log either.
    private static readonly string[] CredentialHeaders = ["Authorization", "Proxy-Authorization", AnthropicHeader, "api-key", "Cookie"];

    /// <summary>
    /// The secret that the client presents, and removes every credential from the headers so that no later layer sees
    /// one. Null with <see cref="ApiKeyVerdict.Missing"/> or <see cref="ApiKeyVerdict.Malformed"/> where there is none.
    /// </summary>
    public static string? Take(IHeaderDictionary headers, ErrorDialect dialect, out ApiKeyVerdict verdict)
    {
        var authorization = headers.Authorization;
        var anthropic = dialect == ErrorDialect.Anthropic ? headers[AnthropicHeader] : StringValues.Empty;
        foreach (var header in CredentialHeaders)
        {
            headers.Remove(header);
        }

        verdict = ApiKeyVerdict.Malformed;
        return (authorization, anthropic) switch
        {
            ([{ } value], _) => BearerToken(value),
            ([], [{ Length: > 0 } value]) => value,
            ([], []) => Missing(out verdict),
            _ => null,
        };
    }

    private static string? Missing(out ApiKeyVerdict verdict)
    {
        verdict = ApiKeyVerdict.Missing;
        return null;
    }

    /// <summary>The token of <c>Bearer TOKEN</c> (RFC 6750 section 2.1; the scheme in any case, RFC 9110 section 11.1).</summary>
    private static string? BearerToken(string value)
    {
        var text = value.AsSpan().Trim();
        return text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && text.Length > Scheme.Length && text[Scheme.Length] == ' '
            ? text[Scheme.Length..].Trim().ToString()
            : null;
    }
}
