using System.Globalization;
using VllmSecure.Proxy.Errors;

namespace VllmSecure.Proxy.Quotas;

/// <summary>429 with the limit that is reached and when to come again.</summary>
internal static class QuotaErrors
{
    public static ApiError For(QuotaRefusal refusal)
    {
        var whose = refusal.Subject == QuotaClaim.Global ? "of this server" : $"of API key '{refusal.Subject}'";
        var what = refusal.Budget switch
        {
            QuotaBudget.RequestsPerMinute => "requests a minute",
            QuotaBudget.TokensPerMinute => "tokens a minute",
            QuotaBudget.TokensPerDay => "tokens a day (UTC)",
            _ => "requests at one time",
        };
        return new ApiError(
            StatusCodes.Status429TooManyRequests,
            ApiErrorTypes.RateLimit,
            "rate_limit_exceeded",
            string.Create(
                CultureInfo.InvariantCulture,
                $"The limit {whose} is reached: {refusal.Limit} {what}. Try again in {RateLimitHeaders.Format(refusal.RetryAfter)}."))
        {
            RetryAfter = refusal.RetryAfter,
        };
    }
}
