namespace VllmSecure.Proxy.Quotas;

/// <summary>
/// A token bucket that holds one minute's worth and refills evenly, as one number: the instant at which it will be full
/// again (the "generic cell rate algorithm"). Nothing has to run for it to refill, a debt is just a later instant, and a
/// changed limit rescales it by itself. Instants and costs are ticks of 100 ns on one monotonic clock.
/// </summary>
internal static class RateBucket
{
    /// <summary>The time in which an empty bucket fills.</summary>
    public const long Window = TimeSpan.TicksPerMinute;

    /// <summary>
    /// The time that an amount takes to flow in again. Rounded down, so that a full bucket really holds its capacity. A day
    /// at most, so that no sum of costs overflows.
    /// </summary>
    public static long Cost(long amount, long capacity) => (long)Int128.Min((Int128)amount * Window / capacity, TimeSpan.TicksPerDay);

    /// <summary>How long until an amount can be taken; an amount above the capacity waits for a full bucket only, or it could never pass.</summary>
    public static TimeSpan Wait(long fullAt, long now, long amount, long capacity) =>
        TimeSpan.FromTicks(Math.Max(0, Math.Max(fullAt, now) + Cost(Math.Min(amount, capacity), capacity) - now - Window));

    /// <summary>Takes an amount out; the bucket may go below empty.</summary>
    public static long Take(long fullAt, long now, long amount, long capacity) => Math.Max(fullAt, now) + Cost(amount, capacity);

    /// <summary>Puts an amount used in place of the one taken earlier, as if it had been taken then.</summary>
    public static long Correct(long fullAt, long taken, long used, long capacity) => fullAt + Cost(used, capacity) - Cost(taken, capacity);

    /// <summary>
    /// Ends a debt after a day: a wrong count must not shut a key out for good. Only for when nothing is taken that will be
    /// corrected: a cut debt, less what was taken too much, would be less than what was used.
    /// </summary>
    public static long Forgive(long fullAt, long now) => Math.Min(fullAt, now + TimeSpan.TicksPerDay);

    /// <summary>How the bucket stands.</summary>
    public static QuotaStanding Standing(long fullAt, long now, long capacity)
    {
        var missing = Math.Max(0, fullAt - now);
        var remaining = (long)((Int128)Math.Max(0, Window - missing) * capacity / Window);
        return new QuotaStanding(capacity, remaining, TimeSpan.FromTicks(missing));
    }
}
