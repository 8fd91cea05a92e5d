namespace VllmSecure.Proxy.Usage;

/// <summary>What one key used of one model on one day (UTC). The data file, <c>/status</c> and <c>usage --json</c> consist of these.</summary>
internal sealed record UsageRow(DateOnly Day, string Key, string Model)
{
    /// <summary>Requests that were forwarded or answered from the cache.</summary>
    public long Requests { get; init; }

    /// <summary>Those of the requests for which vLLM reported no tokens: the client left, the upstream failed, or there are none to report.</summary>
    public long RequestsWithoutUsage { get; init; }

    public long InputTokens { get; init; }

    public long OutputTokens { get; init; }

    /// <summary>The part of the input that came from vLLM's prefix cache.</summary>
    public long CachedInputTokens { get; init; }

    /// <summary>By day, newest first, then key and model.</summary>
    public static UsageRow[] Sort(IEnumerable<UsageRow> rows) =>
    [
        .. rows.OrderByDescending(row => row.Day)
            .ThenBy(row => row.Key, StringComparer.Ordinal)
            .ThenBy(row => row.Model, StringComparer.Ordinal),
    ];

    /// <summary>The sum of two rows of the same day, key and model.</summary>
    public UsageRow Plus(UsageRow other) => this with
    {
        Requests = Requests + other.Requests,
        RequestsWithoutUsage = RequestsWithoutUsage + other.RequestsWithoutUsage,
        InputTokens = InputTokens + other.InputTokens,
        OutputTokens = OutputTokens + other.OutputTokens,
        CachedInputTokens = CachedInputTokens + other.CachedInputTokens,
    };
}
