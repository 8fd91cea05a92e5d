namespace VllmSecure.Proxy.Quotas;

/// <summary>What an admitted request holds, to be given to <see cref="IQuotaStore.SettleAsync"/> exactly once.</summary>
/// <param name="Claims">The subjects it is counted on.</param>
/// <param name="Tokens">The tokens reserved.</param>
/// <param name="Day">The day they were reserved on, as <see cref="DateOnly.DayNumber"/>.</param>
internal sealed record QuotaLease(IReadOnlyList<QuotaClaim> Claims, long Tokens, int Day);
