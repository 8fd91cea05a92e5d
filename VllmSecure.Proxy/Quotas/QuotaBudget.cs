namespace VllmSecure.Proxy.Quotas;

/// <summary>What a limit is on.</summary>
internal enum QuotaBudget
{
    RequestsPerMinute,
    TokensPerMinute,
    TokensPerDay,
    Concurrency,
}
