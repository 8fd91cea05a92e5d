using System.Globalization;

namespace VllmSecure.Proxy.Quotas;

/// <summary>OpenAI's rate limit headers (platform.openai.com/docs/guides/rate-limits), on successes as on refusals.</summary>
internal static class RateLimitHeaders
{
    /// <summary>Writes the headers of the budgets that are limited.</summary>
    public static void Write(IHeaderDictionary headers, QuotaAnswer answer)
    {
        Write(headers, answer.Requests, "x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests");
        Write(headers, answer.Tokens, "x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens");
    }

    /// <summary>
    /// A duration as OpenAI writes it, which is Go's notation: <c>0s</c>, <c>20ms</c>, <c>1s</c>, <c>7.66s</c>,
    /// <c>6m0s</c>, <c>1h0m30s</c>. Rounded up to a millisecond, so that nobody comes too soon.
    /// </summary>
    public static string Format(TimeSpan duration)
    {
        var milliseconds = (long)Math.Ceiling(Math.Max(0, duration.TotalMilliseconds));
        if (milliseconds is > 0 and < 1000)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{milliseconds}ms");
        }

        var seconds = milliseconds % 60_000 / 1000m;
        var minutes = milliseconds / 60_000 % 60;
        var hours = milliseconds / 3_600_000;
        return (hours, minutes) switch
        {
            (0, 0) => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.###}s"),
            (0, _) => string.Create(CultureInfo.InvariantCulture, $"{minutes}m{seconds:0.###}s"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{hours}h{minutes}m{seconds:0.###}s"),
        };
    }

    private static void Write(IHeaderDictionary headers, QuotaStanding? standing, string limit, string remaining, string reset)
    {
        if (standing is { } value)
        {
            headers[limit] = value.Limit.ToString(CultureInfo.InvariantCulture);
            headers[remaining] = value.Remaining.ToString(CultureInfo.InvariantCulture);
            headers[reset] = Format(value.Reset);
        }
    }
}
