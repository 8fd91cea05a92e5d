namespace VllmSecure.Proxy.Quotas;

/// <summary>Why a request is turned away.</summary>
/// <param name="Subject">The key's id, or <see cref="QuotaClaim.Global"/>.</param>
/// <param name="Budget">The limit that is reached.</param>
/// <param name="Limit">Its value.</param>
/// <param name="RetryAfter">When the same request could pass, as far as that limit goes.</param>
internal sealed record QuotaRefusal(string Subject, QuotaBudget Budget, long Limit, TimeSpan RetryAfter);
