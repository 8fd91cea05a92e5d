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

    [Fact]
    public void EndedBy_EveryOutcome_IsOneOfFive() =>
        Assert.All(Enum.GetValues<ExchangeOutcome>(), outcome =>
            Assert.Contains(OutcomeNames.EndedBy(outcome), new[] { "client", "upstream", "timeout", "drain", "proxy" }));

    [Theory]
    [InlineData(200, null)]
    [InlineData(400, "400")]
    [InlineData(503, "503")]
    [InlineData(null, null)]
    public void ErrorType_VllmsOwnAnswer_IsItsStatus(int? status, string? expected) =>
        Assert.Equal(expected, OutcomeNames.ErrorType(ExchangeOutcome.Ok, status));
}
