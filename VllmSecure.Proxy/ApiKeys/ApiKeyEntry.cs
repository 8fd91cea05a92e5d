namespace VllmSecure.Proxy.ApiKeys;

/// <summary>One key as configuration (<c>ApiKeys:&lt;id&gt;</c>) or the key file describes it. Secrets are here as hashes only.</summary>
/// <remarks>Not init-only: the JSON generator would set what is missing to null, over the initialisers.</remarks>
internal sealed record ApiKeyEntry
{
    /// <summary>SHA-256 of the secret: <c>sha256:</c> and 64 hexadecimal digits. In configuration <c>:Key</c> gives the secret itself.</summary>
    public string? Hash { get; set; }

    /// <summary>SHA-256 of the secret before the last rotation, still accepted. In configuration also <c>:PreviousKey</c>.</summary>
    public string? PreviousHash { get; set; }

    /// <summary>When the previous secret stops working; null: only when it is taken out.</summary>
    public DateTimeOffset? PreviousExpiresAt { get; set; }

    /// <summary>When the key stops working; null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>Models the key may use (<c>*</c> matches any run of characters); not given: all.</summary>
    public IReadOnlyList<string> Models { get; set; } = [];

    /// <summary>Paths (<c>/v1/embeddings</c>) or endpoint classes (<c>inference</c>) the key may use; not given: all that are open.</summary>
    public IReadOnlyList<string> Endpoints { get; set; } = [];

    /// <summary>Requests a minute; null: <c>Quotas:Default</c>.</summary>
    public int? RequestsPerMinute { get; set; }

    /// <summary>Prompt and completion tokens a minute; null: <c>Quotas:Default</c>.</summary>
    public long? TokensPerMinute { get; set; }

    /// <summary>Prompt and completion tokens a day (UTC); null: <c>Quotas:Default</c>.</summary>
    public long? TokensPerDay { get; set; }

    /// <summary>Requests at one time; null: <c>Quotas:Default</c>.</summary>
    public int? MaxConcurrent { get; set; }

    /// <summary>When the key was made by <c>keys create</c>.</summary>
    public DateTimeOffset? CreatedAt { get; set; }
}
