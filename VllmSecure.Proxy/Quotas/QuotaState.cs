namespace VllmSecure.Proxy.Quotas;

/// <summary>The counts of one subject. Instants are ticks on the store's own monotonic clock.</summary>
/// <param name="RequestsFullAt">When the bucket of requests is full again.</param>
/// <param name="TokensFullAt">When the bucket of tokens is full again.</param>
/// <param name="Day">The day that <paramref name="DayTokens"/> belongs to, as <see cref="DateOnly.DayNumber"/>.</param>
/// <param name="DayTokens">Tokens used and reserved on that day.</param>
/// <param name="Running">Requests admitted and not yet ended.</param>
internal readonly record struct QuotaState(long RequestsFullAt, long TokensFullAt, int Day, long DayTokens, int Running)
{
    /// <summary>Tokens used and reserved on a day.</summary>
    public long TokensOn(int day) => Day == day ? DayTokens : 0;

    /// <summary>Whether the state says no more than that of a subject never seen.</summary>
    public bool IsIdle(QuotaTime now) =>
        Running == 0 && RequestsFullAt <= now.Ticks && TokensFullAt <= now.Ticks && TokensOn(now.Day) == 0;
}
