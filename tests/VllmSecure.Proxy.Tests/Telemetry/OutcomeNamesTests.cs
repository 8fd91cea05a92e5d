using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Telemetry;

namespace VllmSecure.Proxy.Tests.Telemetry;

public sealed class OutcomeNamesTests
{
    [Fact]
    public void Of_EveryOutcome_HasAWordOfItsOwn()
    {
        var words = Enum.GetValues<ExchangeOutcome>().Select(OutcomeNames.Of).ToList();

        Assert.Equal(words.Count, words.Distinct(StringComparer.Ordinal).Count());
        Assert.All(words, word => Assert.Matches("^[a-z_]+$", word));
    }

    [Theory]
    [InlineData((int)ExchangeOutcome.Ok, "gpu-1", "upstream")]
    [InlineData((int)ExchangeOutcome.Ok, null, "proxy")]
    [InlineData((int)ExchangeOutcome.UpstreamFailed, "gpu-1", "upstream")]
    [InlineData((int)ExchangeOutcome.ClientLeft, "gpu-1", "client")]
    [InlineData((int)ExchangeOutcome.TimedOut, "gpu-1", "timeout")]
    [InlineData((int)ExchangeOutcome.Drained, "gpu-1", "drain")]
    [InlineData((int)ExchangeOutcome.Throttled, null, "proxy")]
    [InlineData((int)ExchangeOutcome.Refused, null, "proxy")]
    [InlineData((int)ExchangeOutcome.ProxyFailed, null, "proxy")]
    public void EndedBy_Outcome_IsThis(int outcome, string? upstream, string expected)
    {
        using var sample = new SampleExchange();
        sample.Exchange.Outcome = (ExchangeOutcome)outcome;
        sample.Exchange.Upstream = upstream;

        Assert.Equal(expected, OutcomeNames.EndedBy(sample.Exchange));
    }

    [Theory]
    [InlineData(200, null)]
    [InlineData(400, "400")]
    [InlineData(503, "503")]
    [InlineData(null, null)]
    public void ErrorType_VllmsOwnAnswer_IsItsStatus(int? status, string? expected) =>
        Assert.Equal(expected, OutcomeNames.ErrorType(ExchangeOutcome.Ok, status));
}
