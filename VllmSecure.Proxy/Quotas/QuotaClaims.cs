using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Quotas;

/// <summary>Finds the limits that hold for a client.</summary>
internal static class QuotaClaims
{
    /// <summary>The claims of a request: its key's and the global one, each only where something is limited.</summary>
    public static IReadOnlyList<QuotaClaim> Of(ClientIdentity? client, QuotasOptions options)
    {
        var own = LimitsOf(client, options.Default);
        return (client, own.IsUnlimited, options.Global.IsUnlimited) switch
        {
            (null, _, true) or (_, true, true) => [],
            (null, _, false) or (_, true, false) => [new QuotaClaim(QuotaClaim.Global, options.Global)],
            (_, false, true) => [new QuotaClaim(client.KeyId, own)],
            _ => [new QuotaClaim(client.KeyId, own), new QuotaClaim(QuotaClaim.Global, options.Global)],
        };
    }

    private static QuotaLimits LimitsOf(ClientIdentity? client, QuotaLimits byDefault) =>
        client is null or { RequestsPerMinute: null, TokensPerMinute: null, TokensPerDay: null, MaxConcurrent: null }
            ? byDefault
            : new QuotaLimits
            {
                RequestsPerMinute = client.RequestsPerMinute ?? byDefault.RequestsPerMinute,
                TokensPerMinute = client.TokensPerMinute ?? byDefault.TokensPerMinute,
                TokensPerDay = client.TokensPerDay ?? byDefault.TokensPerDay,
                MaxConcurrent = client.MaxConcurrent ?? byDefault.MaxConcurrent,
            };
}
