namespace VllmSecure.Proxy.Quotas;

/// <summary>
/// The counts of one process. One lock for all: a request is counted on its key and on the whole at once, and what is
/// done under it takes well under a microsecond.
/// </summary>
internal sealed class InMemoryQuotaStore(TimeProvider clock) : IQuotaStore
{
    /// <summary>Subjects are keys, so few; keys that come and go must still not pile up. Idle ones are dropped from here on.</summary>
    internal const int SubjectsBeforeSweep = 4096;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, QuotaState> _states = new(StringComparer.OrdinalIgnoreCase);
    private readonly long _origin = clock.GetTimestamp();
    private int _sweepAt = SubjectsBeforeSweep;

    /// <summary>How many subjects are remembered.</summary>
    internal int Count
    {
        get
        {
            lock (_lock)
            {
                return _states.Count;
            }
        }
    }

    public ValueTask<QuotaAnswer> TryAcquireAsync(IReadOnlyList<QuotaClaim> claims, long tokens, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult(TryAcquire(claims, tokens, QuotaTime.Now(clock, _origin)));
        }
    }

    public ValueTask SettleAsync(QuotaLease lease, long tokensUsed)
    {
        lock (_lock)
        {
            var now = QuotaTime.Now(clock, _origin);
            foreach (var claim in lease.Claims)
            {
                _states[claim.Subject] = QuotaRules.Settle(_states.GetValueOrDefault(claim.Subject), claim.Limits, lease, tokensUsed, now);
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Tokens of today by subject.</summary>
    public DayUsage Export()
    {
        lock (_lock)
        {
            var today = QuotaTime.Now(clock, _origin).Day;
            var usage = new DayUsage { Day = DateOnly.FromDayNumber(today) };
            foreach (var (subject, state) in _states.Where(entry => entry.Value.TokensOn(today) > 0))
            {
                usage.Tokens[subject] = state.TokensOn(today);
            }

            return usage;
        }
    }

    /// <summary>Takes over the tokens that an earlier process counted today; those of another day count nothing.</summary>
    public void Import(DayUsage usage)
    {
        lock (_lock)
        {
            foreach (var (subject, tokens) in usage.Tokens)
            {
                _states[subject] = _states.GetValueOrDefault(subject) with { Day = usage.Day.DayNumber, DayTokens = tokens };
            }
        }
    }

    private QuotaAnswer TryAcquire(IReadOnlyList<QuotaClaim> claims, long tokens, QuotaTime now)
    {
        QuotaRefusal? refusal = null;
        foreach (var claim in claims)
        {
            var found = QuotaRules.Check(_states.GetValueOrDefault(claim.Subject), claim, tokens, now);
            refusal = refusal is null || found?.RetryAfter > refusal.RetryAfter ? found ?? refusal : refusal;
        }

        QuotaStanding? requestsLeft = null;
        QuotaStanding? tokensLeft = null;
        foreach (var claim in claims)
        {
            var state = _states.GetValueOrDefault(claim.Subject);
            if (refusal is null)
            {
                state = QuotaRules.Take(state, claim.Limits, tokens, now);
                _states[claim.Subject] = state;
            }

            requestsLeft = QuotaStanding.Tighter(requestsLeft, QuotaRules.Requests(state, claim.Limits, now));
            tokensLeft = QuotaStanding.Tighter(tokensLeft, QuotaRules.Tokens(state, claim.Limits, now));
        }

        Sweep(now);
        return new QuotaAnswer
        {
            Lease = refusal is null ? new QuotaLease(claims, tokens, now.Day) : null,
            Refusal = refusal,
            Requests = requestsLeft,
            Tokens = tokensLeft,
        };
    }

    /// <summary>Drops idle subjects each time their number has doubled since the last time, so the cost is shared out.</summary>
    private void Sweep(QuotaTime now)
    {
        if (_states.Count < _sweepAt)
        {
            return;
        }

        foreach (var (subject, state) in _states)
        {
            if (state.IsIdle(now))
            {
                _states.Remove(subject);
            }
        }

        _sweepAt = Math.Max(SubjectsBeforeSweep, 2 * _states.Count);
    }
}
