namespace VllmSecure.Proxy.Tls.Acme.Schedule;

/// <summary>When to ask for renewal information again (RFC 9773 section 4.3). Pure.</summary>
internal static class RenewalInfoSchedule
{
    // The bounds that section 4.3.2 asks of clients, so that a wrong header neither floods the CA nor hides a revocation.
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    // Section 4.3.3.
    private static readonly TimeSpan AfterFailure = TimeSpan.FromHours(6);

    /// <summary>Whether the next time to ask is still to come. One further away than any can be was planned by a clock that was set back since.</summary>
    public static bool IsAhead(DateTimeOffset? next, DateTimeOffset now) => next > now && next - now <= Longest;

    /// <param name="retryAfter">Of the CA's answer; null where there was none, or where it failed.</param>
    public static TimeSpan Next(TimeSpan? retryAfter) =>
        TimeSpan.FromTicks(Math.Clamp((retryAfter ?? AfterFailure).Ticks, Shortest.Ticks, Longest.Ticks));
}
