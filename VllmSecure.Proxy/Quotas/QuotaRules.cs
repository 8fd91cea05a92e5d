namespace VllmSecure.Proxy.Quotas;

/// <summary>The rules of all limits, as functions from state to state.</summary>
internal static class QuotaRules
{
    /// <summary>How long to wait for a place where requests end at no time that anyone knows.</summary>
    private static readonly TimeSpan ConcurrencyRetry = TimeSpan.FromSeconds(1);

    /// <summary>The limit that refuses a request (of several, the one with the longest wait), or null.</summary>
    public static QuotaRefusal? Check(in QuotaState state, QuotaClaim claim, long tokens, QuotaTime now)
    {
        var limits = claim.Limits;
        QuotaRefusal? refusal = null;
        if (limits.MaxConcurrent is { } concurrent && state.Running >= concurrent)
        {
            Refuse(QuotaBudget.Concurrency, concurrent, ConcurrencyRetry);
        }

        if (limits.RequestsPerMinute is { } requests)
        {
            Refuse(QuotaBudget.RequestsPerMinute, requests, RateBucket.Wait(state.RequestsFullAt, now.Ticks, 1, requests));
        }

        if (tokens == 0)
        {
            return refusal; // What takes no tokens, such as a list of models, waits for none.
        }

        if (limits.TokensPerMinute is { } perMinute)
        {
            Refuse(QuotaBudget.TokensPerMinute, perMinute, RateBucket.Wait(state.TokensFullAt, now.Ticks, tokens, perMinute));
        }

        // As with the bucket: what is more than a whole day's worth passes on an untouched day only.
        if (limits.TokensPerDay is { } perDay && state.TokensOn(now.Day) + Math.Min(tokens, perDay) > perDay)
        {
            Refuse(QuotaBudget.TokensPerDay, perDay, now.UntilMidnight);
        }

        return refusal;

        void Refuse(QuotaBudget budget, long limit, TimeSpan wait)
        {
            if (wait > TimeSpan.Zero && (refusal is null || wait > refusal.RetryAfter))
            {
                refusal = new QuotaRefusal(claim.Subject, budget, limit, wait);
            }
        }
    }

    /// <summary>Counts an admitted request.</summary>
    public static QuotaState Take(in QuotaState state, QuotaLimits limits, long tokens, QuotaTime now) => new(
        limits.RequestsPerMinute is { } requests ? RateBucket.Take(state.RequestsFullAt, now.Ticks, 1, requests) : state.RequestsFullAt,
        limits.TokensPerMinute is { } perMinute ? RateBucket.Take(state.TokensFullAt, now.Ticks, tokens, perMinute) : state.TokensFullAt,
        now.Day,
        state.TokensOn(now.Day) + tokens,
        state.Running + 1);

    /// <summary>Ends an admitted request. What was reserved yesterday belongs to yesterday, whose count is gone.</summary>
    public static QuotaState Settle(in QuotaState state, QuotaLimits limits, QuotaLease lease, long used, QuotaTime now)
    {
        var fullAt = limits.TokensPerMinute is { } perMinute
            ? RateBucket.Correct(state.TokensFullAt, lease.Tokens, used, perMinute)
            : state.TokensFullAt;
        return state with
        {
            TokensFullAt = state.Running > 1 ? fullAt : RateBucket.Forgive(fullAt, now.Ticks),
            DayTokens = state.Day == lease.Day ? state.DayTokens + used - lease.Tokens : state.DayTokens,
            Running = state.Running - 1,
        };
    }

    /// <summary>How the budget of requests stands; null where it is unlimited.</summary>
    public static QuotaStanding? Requests(in QuotaState state, QuotaLimits limits, QuotaTime now) =>
        limits.RequestsPerMinute is { } requests ? RateBucket.Standing(state.RequestsFullAt, now.Ticks, requests) : null;

    /// <summary>How the tighter of the token budgets stands; null where both are unlimited.</summary>
    public static QuotaStanding? Tokens(in QuotaState state, QuotaLimits limits, QuotaTime now)
    {
        QuotaStanding? minute = limits.TokensPerMinute is { } perMinute ? RateBucket.Standing(state.TokensFullAt, now.Ticks, perMinute) : null;
        QuotaStanding? day = limits.TokensPerDay is { } perDay
            ? new QuotaStanding(perDay, Math.Max(0, perDay - state.TokensOn(now.Day)), now.UntilMidnight)
            : null;
        return QuotaStanding.Tighter(minute, day);
    }
}
