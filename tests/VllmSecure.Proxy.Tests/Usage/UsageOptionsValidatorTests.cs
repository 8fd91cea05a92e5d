using VllmSecure.Proxy.Usage;

namespace VllmSecure.Proxy.Tests.Usage;

public sealed class UsageOptionsValidatorTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3650, 86_400)]
    public void Validate_WithinBounds_Succeeds(int keepDays, int saveSeconds) =>
        Assert.True(new UsageOptionsValidator().Validate(name: null, new UsageOptions { KeepDays = keepDays, SaveSeconds = saveSeconds }).Succeeded);

    [Theory]
    [InlineData(0, 30, "Usage:KeepDays: 0 ")]
    [InlineData(3651, 30, "Usage:KeepDays: 3651 ")]
    [InlineData(740_000, 30, "Usage:KeepDays: 740000 ")]
    [InlineData(400, 0, "Usage:SaveSeconds: 0 ")]
    [InlineData(400, int.MaxValue, "Usage:SaveSeconds: 2147483647 ")]
    public void Validate_OutOfBounds_NamesTheSetting(int keepDays, int saveSeconds, string expected)
    {
        var result = new UsageOptionsValidator().Validate(name: null, new UsageOptions { KeepDays = keepDays, SaveSeconds = saveSeconds });

        Assert.StartsWith(expected, Assert.Single(result.Failures!), StringComparison.Ordinal);
    }
}
