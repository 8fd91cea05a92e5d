namespace VllmSecure.Proxy.Quotas;

/// <summary>The limits of one subject; null is unlimited.</summary>
internal sealed record QuotaLimits
{
    /// <summary>Requests a minute, refilled evenly: a client that was idle may send a minute's worth at once.</summary>
    public int? RequestsPerMinute { get; set; }

    /// <summary>Prompt and completion tokens a minute, refilled evenly.</summary>
    public long? TokensPerMinute { get; set; }

    /// <summary>Prompt and completion tokens a day, which begins at midnight UTC.</summary>
    public long? TokensPerDay { get; set; }

    /// <summary>Requests at one time, streams included until their end.</summary>
    public int? MaxConcurrent { get; set; }

    /// <summary>Whether nothing is limited, so that nothing need be counted.</summary>
    public bool IsUnlimited => this is { RequestsPerMinute: null, TokensPerMinute: null, TokensPerDay: null, MaxConcurrent: null };
}
