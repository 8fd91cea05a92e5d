using System.Net.Http.Headers;

namespace VllmSecure.Proxy.Tls.Acme.Protocol;

/// <summary>Retry-After (RFC 9110 section 10.2.3): seconds or a date.</summary>
internal static class RetryAfter
{
    // A clock or a CA that is wrong must not park us for ever.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <summary>The time to wait from <paramref name="now"/>, never negative and never above seven days; null without the header.</summary>
    public static TimeSpan? From(RetryConditionHeaderValue? header, DateTimeOffset now)
    {
        var wait = header?.Delta ?? (header?.Date is { } date ? date - now : null);
        return wait is null ? null : TimeSpan.FromTicks(Math.Clamp(wait.Value.Ticks, 0, Longest.Ticks));
    }
}
