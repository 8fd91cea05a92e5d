namespace VllmSecure.Proxy.Exchange;

/// <summary>Who sent the request: the API key's public side. Never the secret.</summary>
/// <param name="KeyId">The key's id, safe for logs and metrics.</param>
internal sealed record ClientIdentity(string KeyId)
{
    /// <summary>Patterns of models the key may use (<c>*</c> matches any run of characters); empty means all.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Paths or endpoint classes the key may use; empty means all that are open.</summary>
    public IReadOnlyList<string> Endpoints { get; init; } = [];

    /// <summary>Requests a minute; null: the default limit.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>Prompt and completion tokens a minute; null: the default limit.</summary>
    public long? TokensPerMinute { get; init; }

    /// <summary>Prompt and completion tokens a day (UTC); null: the default limit.</summary>
    public long? TokensPerDay { get; init; }

    /// <summary>Requests at one time; null: the default limit.</summary>
    public int? MaxConcurrent { get; init; }

    /// <summary>Whether the client may use a model, by the name it goes by in requests and listings.</summary>
    public bool MayUseModel(ReadOnlySpan<char> model) => Models.Count == 0 || MatchesAny(Models, model);

    /// <summary>Whether the client may use an endpoint: by its path in the table of endpoints, or by its class.</summary>
    public bool MayUseEndpoint(ApiEndpoint endpoint) =>
        Endpoints.Count == 0
        || Endpoints.Contains(endpoint.Class.ToString(), StringComparer.OrdinalIgnoreCase)
        || MatchesAny(Endpoints, endpoint.Path);

    private static bool MatchesAny(IReadOnlyList<string> patterns, ReadOnlySpan<char> name)
    {
        foreach (var pattern in patterns)
        {
            if (NamePattern.Matches(pattern, name))
            {
                return true;
            }
        }

        return false;
    }
}
