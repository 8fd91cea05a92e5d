using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.ApiKeys;

/// <summary>What an entry must fulfil, wherever it is written down.</summary>
internal static class ApiKeyRules
{
    private const int MaxIdLength = 64;

    // The classes that can be open at all; the others are never served to any key.
    private static readonly EndpointClass[] OpenClasses =
        [EndpointClass.Inference, EndpointClass.Models, EndpointClass.Tokenizer, EndpointClass.Realtime];

    /// <summary>The names of endpoint classes that a key's <c>Endpoints</c> may hold.</summary>
    public static string ClassNames { get; } = string.Join(", ", OpenClasses.Select(name => name.ToString().ToLowerInvariant()));

    /// <summary>Ids are public names that stand in logs, metrics and file names.</summary>
    public static bool IsValidId(ReadOnlySpan<char> id)
    {
        if (id.Length is 0 or > MaxIdLength || !char.IsAsciiLetterOrDigit(id[0]))
        {
            return false;
        }

        foreach (var c in id)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.'))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>What is wrong with an entry, each beginning with the setting's name after a colon.</summary>
    public static IEnumerable<string> MistakesIn(string id, ApiKeyEntry entry)
    {
        if (!IsValidId(id))
        {
            yield return ": an id of a key has 1 to 64 letters, digits, '-', '_' or '.', and begins with a letter or digit.";
        }

        if (entry.Hash is null && entry.PreviousHash is null)
        {
            yield return $": has no secret. Give Key (at least {SecretText.MinLength} characters) or Hash (its SHA-256).";
        }

        foreach (var endpoint in entry.Endpoints.Where(endpoint => !IsEndpoint(endpoint)))
        {
            yield return $":Endpoints: '{endpoint}' is neither a path such as /v1/embeddings nor one of the classes {ClassNames}.";
        }

        if (entry is { RequestsPerMinute: <= 0 } or { TokensPerMinute: <= 0 } or { TokensPerDay: <= 0 } or { MaxConcurrent: <= 0 })
        {
            yield return ": a limit is a whole number above 0. Leave it out for the default limit.";
        }
    }

    private static bool IsEndpoint(string text) =>
        text.StartsWith('/') || Array.Exists(OpenClasses, name => text.Equals(name.ToString(), StringComparison.OrdinalIgnoreCase));
}
