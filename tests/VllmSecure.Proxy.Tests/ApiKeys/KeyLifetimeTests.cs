using VllmSecure.Proxy.ApiKeys;

namespace VllmSecure.Proxy.Tests.ApiKeys;

public sealed class KeyLifetimeTests
{
    private static readonly DateTimeOffset Now = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("90d", "2027-04-01T00:00:00Z")]
    [InlineData("12h", "2027-01-01T12:00:00Z")]
    [InlineData("2w", "2027-01-15T00:00:00Z")]
    [InlineData("2027-01-31", "2027-01-31T00:00:00Z")]
    [InlineData("2027-01-31T12:00:00+02:00", "2027-01-31T10:00:00Z")]
    public void ParseEnd_DurationOrTime_IsThatInstant(string text, string expected) =>
        Assert.Equal(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), KeyLifetime.ParseEnd(text, Now));

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("0d")]
    [InlineData("-1d")]
    [InlineData("99999999w")]
    [InlineData("2026-12-31")]
    public void ParseEnd_Other_Refuses(string text) => Assert.Throws<KeyAdministrationException>(() => KeyLifetime.ParseEnd(text, Now));

    [Fact]
    public void ParseDuration_Zero_IsNone() => Assert.Equal(TimeSpan.Zero, KeyLifetime.ParseDuration("0"));

    [Fact]
    public void ParseDuration_Minutes_AreMinutes() => Assert.Equal(TimeSpan.FromMinutes(90), KeyLifetime.ParseDuration("90m"));

    [Fact]
    public void ParseDuration_Other_Refuses() => Assert.Throws<KeyAdministrationException>(() => KeyLifetime.ParseDuration("a day"));
}
