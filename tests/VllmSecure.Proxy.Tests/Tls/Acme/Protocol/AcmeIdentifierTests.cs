using CsCheck;
using VllmSecure.Proxy.Tls.Acme.Protocol;

namespace VllmSecure.Proxy.Tests.Tls.Acme.Protocol;

public sealed class AcmeIdentifierTests
{
    [Theory]
    [InlineData("LLM.Example.COM.", "dns", "llm.example.com")]
    [InlineData("*.example.com", "dns", "*.example.com")]
    [InlineData("bücher.example", "dns", "xn--bcher-kva.example")]
    [InlineData("203.0.113.7", "ip", "203.0.113.7")]
    [InlineData("[2001:DB8::1]", "ip", "2001:db8::1")]
    [InlineData("2001:0db8:0:0::1", "ip", "2001:db8::1")]
    public void TryParse_NameOrAddress_IsCanonical(string text, string type, string value) =>
        Assert.Equal(new AcmeIdentifier(type, value), AcmeIdentifier.TryParse(text));

    [Theory]
    [InlineData("")]
    [InlineData("https://example.com")]
    [InlineData("example.com:443")]
    [InlineData("exa mple.com")]
    [InlineData("under_score.example")]
    [InlineData("*")]
    [InlineData("a.*.example.com")]
    public void TryParse_AnythingElse_IsNull(string text) => Assert.Null(AcmeIdentifier.TryParse(text));

    [Fact]
    public void TryParse_AnyText_NeverThrows() => Gen.String.Sample(text => _ = AcmeIdentifier.TryParse(text));

    [Fact]
    public void Describe_ProblemWithSubproblems_IsOneLine()
    {
        var problem = new AcmeProblem(
            "urn:ietf:params:acme:error:compound", "two", [new AcmeProblem("urn:ietf:params:acme:error:caa", "forbids", null), new AcmeProblem(null, "odd", null)]);

        Assert.Equal("compound: two; caa: forbids; unknown: odd", problem.Describe());
    }

    [Theory]
    [InlineData(120, null, 120)]
    [InlineData(-5, null, 0)]
    [InlineData(null, 90, 90)]
    [InlineData(null, -90, 0)]
    [InlineData(10_000_000, null, 604_800)]
    public void RetryAfter_SecondsOrDate_IsATimeToWait(int? seconds, int? dateOffset, double expected)
    {
        var header = seconds is { } value && value >= 0
            ? new System.Net.Http.Headers.RetryConditionHeaderValue(TimeSpan.FromSeconds(value))
            : new System.Net.Http.Headers.RetryConditionHeaderValue(TestCertificates.Start.AddSeconds(dateOffset ?? seconds!.Value));

        Assert.Equal(expected, RetryAfter.From(header, TestCertificates.Start)!.Value.TotalSeconds);
    }

    [Fact]
    public void RetryAfter_WithoutHeader_IsNull() => Assert.Null(RetryAfter.From(null, TestCertificates.Start));
}
