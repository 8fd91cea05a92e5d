namespace VllmSecure.Proxy.Quotas;

/// <summary>What the store says to a request: a lease or a refusal, and how the budgets stand after it.</summary>
internal sealed record QuotaAnswer
{
    /// <summary>Set where the request is admitted.</summary>
    public QuotaLease? Lease { get; init; }

    /// <summary>Set where it is not.</summary>
    public QuotaRefusal? Refusal { get; init; }

    /// <summary>The tightest request budget; null where none is limited.</summary>
    public QuotaStanding? Requests { get; init; }

    /// <summary>The tightest token budget; null where none is limited.</summary>
    public QuotaStanding? Tokens { get; init; }
}
