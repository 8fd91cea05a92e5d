namespace VllmSecure.Proxy.Quotas;

/// <summary>A subject that a request is counted on, with its limits.</summary>
/// <param name="Subject">The id of a key, or <see cref="Global"/>.</param>
/// <param name="Limits">The limits that hold now; they may change from one request to the next.</param>
internal sealed record QuotaClaim(string Subject, QuotaLimits Limits)
{
    /// <summary>The subject of all keys together; no key's id can have this character.</summary>
    public const string Global = "*";
}
