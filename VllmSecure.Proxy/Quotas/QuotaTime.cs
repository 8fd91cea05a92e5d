namespace VllmSecure.Proxy.Quotas;

/// <summary>One moment on the two clocks that quotas need.</summary>
/// <param name="Ticks">100 ns since the store began; monotonic, so that a corrected wall clock neither grants nor takes anything.</param>
/// <param name="Day">The day in UTC, as <see cref="DateOnly.DayNumber"/>.</param>
/// <param name="UntilMidnight">What is left of the day.</param>
internal readonly record struct QuotaTime(long Ticks, int Day, TimeSpan UntilMidnight)
{
    /// <summary>Now, by a clock and the timestamp at which the store began.</summary>
    public static QuotaTime Now(TimeProvider clock, long origin)
    {
        var utc = clock.GetUtcNow().UtcDateTime;
        return new QuotaTime(
            clock.GetElapsedTime(origin).Ticks, DateOnly.FromDateTime(utc).DayNumber, TimeSpan.FromDays(1) - utc.TimeOfDay);
    }
}
