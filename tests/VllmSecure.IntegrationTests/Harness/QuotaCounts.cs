using Microsoft.Extensions.DependencyInjection;
using VllmSecure.Proxy.Quotas;

namespace VllmSecure.IntegrationTests.Harness;

/// <summary>What the quotas of a running proxy have counted.</summary>
internal static class QuotaCounts
{
    /// <summary>Tokens of today by key; <c>*</c> for all together.</summary>
    public static IReadOnlyDictionary<string, long> CountedTokens(this ProxyUnderTest proxy) =>
        proxy.Services.GetRequiredService<InMemoryQuotaStore>().Export().Tokens;

    /// <summary>Waits until the key holds no place any more: only then is everything settled.</summary>
    public static async Task WaitUntilIdleAsync(this ProxyUnderTest proxy, string key, int places)
    {
        var store = proxy.Services.GetRequiredService<InMemoryQuotaStore>();
        var claim = new QuotaClaim(key, new QuotaLimits { MaxConcurrent = places });
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var free = 0;
        while (free < places)
        {
            timeout.Token.ThrowIfCancellationRequested();
            await Task.Yield();
            var leases = new List<QuotaLease>();
            while (leases.Count < places && await store.TryAcquireAsync([claim], 0, timeout.Token) is { Lease: { } lease })
            {
                leases.Add(lease);
            }

            free = leases.Count;
            foreach (var lease in leases)
            {
                await store.SettleAsync(lease, 0);
            }
        }
    }
}
