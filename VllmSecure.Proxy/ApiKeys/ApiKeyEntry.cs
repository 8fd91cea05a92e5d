namespace VllmSecure.Proxy.ApiKeys;

/// <summary>One key as configuration (<c>ApiKeys:&lt;id&gt;</c>) or the key file describes it. Secrets are here as hashes only.</summary>
internal sealed record ApiKeyEntry
{
    /// <summary>SHA-256 of the secret: <c>sha256:</c> and 64 hexadecimal digits. In configuration <c>:Key</c> gives the secret itself.</summary>
    public string? Hash { get; init; }

    /// <summary>SHA-256 of the secret before the last rotation, still accepted. In configuration also <c>:PreviousKey</c>.</summary>
    public string? PreviousHash { get; init; }

    /// <summary>When the previous secret stops working; null: only when it is taken out.</summary>
    public DateTimeOffset? PreviousExpiresAt { get; init; }

    /// <summary>When the key stops working; null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Models the key may use (<c>*</c> matches any run of characters); empty: all.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Paths (<c>/v1/embeddings</c>) or endpoint classes (<c>inference</c>) the key may use; empty: all that are open.</summary>
    public IReadOnlyList<string> Endpoints { get; init; } = [];

    /// <summary>Requests a minute; null: <c>Quotas:Default</c>.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>Prompt and completion tokens a minute; null: <c>Quotas:Default</c>.</summary>
    public long? TokensPerMinute { get; init; }

    /// <summary>Prompt and completion tokens a day (UTC); null: <c>Quotas:Default</c>.</summary>
    public long? TokensPerDay { get; init; }

    /// <summary>Requests at one time; null: <c>Quotas:Default</c>.</summary>
    public int? MaxConcurrent { get; init; }

    /// <summary>When the key was made by <c>keys create</c>.</summary>
    public DateTimeOffset? CreatedAt { get; init; }
}
