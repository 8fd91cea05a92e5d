using Microsoft.AspNetCore.Http;
using VllmSecure.Proxy.Quotas;

namespace VllmSecure.Proxy.Tests.Quotas;

public sealed class RateLimitHeadersTests
{
    [Theory]
    [InlineData(0, "0s")]
    [InlineData(-5, "0s")]
    [InlineData(0.0004, "1ms")]
    [InlineData(0.02, "20ms")]
    [InlineData(0.9991, "1s")]
    [InlineData(1, "1s")]
    [InlineData(7.66, "7.66s")]
    [InlineData(59.9999, "1m0s")]
    [InlineData(360, "6m0s")]
    [InlineData(86.4, "1m26.4s")]
    [InlineData(3600, "1h0m0s")]
    [InlineData(86399, "23h59m59s")]
    public void Format_Duration_AsOpenAIWritesIt(double seconds, string expected) =>
        Assert.Equal(expected, RateLimitHeaders.Format(TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond))));

    [Fact]
    public void Write_BothBudgets_SixHeaders()
    {
        var headers = new HeaderDictionary();
        RateLimitHeaders.Write(headers, new QuotaAnswer
        {
            Requests = new QuotaStanding(60, 59, TimeSpan.FromSeconds(1)),
            Tokens = new QuotaStanding(150_000, 149_984, TimeSpan.FromMinutes(6)),
        });
        Assert.Equal<string[]>(
            [
                "x-ratelimit-limit-requests: 60", "x-ratelimit-limit-tokens: 150000", "x-ratelimit-remaining-requests: 59",
                "x-ratelimit-remaining-tokens: 149984", "x-ratelimit-reset-requests: 1s", "x-ratelimit-reset-tokens: 6m0s",
            ],
            [.. headers.Select(header => $"{header.Key}: {header.Value}").Order(StringComparer.Ordinal)]);
    }

    [Fact]
    public void Write_NothingLimited_NoHeader()
    {
        var headers = new HeaderDictionary();
        RateLimitHeaders.Write(headers, new QuotaAnswer());
        Assert.Empty(headers);
    }
}
