namespace VllmSecure.Proxy.Quotas;

/// <summary>
/// Where the counts are. One process keeps them in memory; several proxies that share limits would share a store behind
/// this interface (each call is one round trip: the state is <see cref="QuotaState"/>, the rules are <see cref="QuotaRules"/>).
/// </summary>
internal interface IQuotaStore
{
    /// <summary>Counts a request on all of its claims, or on none of them. Atomic.</summary>
    /// <param name="claims">The subjects, at least one, no subject twice.</param>
    /// <param name="tokens">Tokens to reserve, 0 or more.</param>
    /// <param name="cancellationToken">The request was given up.</param>
    ValueTask<QuotaAnswer> TryAcquireAsync(IReadOnlyList<QuotaClaim> claims, long tokens, CancellationToken cancellationToken);

    /// <summary>
    /// Ends a lease: frees its concurrency and puts the tokens really used in place of those reserved. Once per lease,
    /// and never cancelled: a shared store lets a lease lapse by itself if its proxy is gone.
    /// </summary>
    ValueTask SettleAsync(QuotaLease lease, long tokensUsed);
}
