namespace VllmSecure.Proxy.Quotas;

/// <summary>How one budget stands, for the x-ratelimit headers.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Remaining">What is left of it now.</param>
/// <param name="Reset">How long until all of it is there again if nothing more is used.</param>
internal readonly record struct QuotaStanding(long Limit, long Remaining, TimeSpan Reset)
{
    /// <summary>The one that has less left.</summary>
    public static QuotaStanding? Tighter(QuotaStanding? left, QuotaStanding? right) =>
        left is null || right?.Remaining < left.Value.Remaining ? right : left;
}
