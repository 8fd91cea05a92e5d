namespace VllmSecure.Proxy.Quotas;

/// <summary>The tokens counted on one day, as they are kept over a restart.</summary>
internal sealed class DayUsage
{
    /// <summary>The day in UTC.</summary>
    public DateOnly Day { get; set; }

    /// <summary>Tokens by subject.</summary>
    public SortedDictionary<string, long> Tokens { get; init; } = new(StringComparer.Ordinal);
}
