using VllmSecure.Proxy.AccessLog;

namespace VllmSecure.Proxy.Tests.AccessLog;

public sealed class AccessLogOptionsValidatorTests
{
    [Fact]
    public void Validate_Defaults_Pass() => Assert.True(Validate(new AccessLogOptions()).Succeeded);

    [Fact]
    public void Validate_EverythingWrong_NamesEveryKey()
    {
        var result = Validate(new AccessLogOptions
        {
            File = Path.GetTempPath(),
            MaxFileBytes = 0,
            MaxFileAgeHours = 0,
            KeepFiles = -1,
            QueueLength = 0,
            Fields = { ["authorization"] = true },
        });

        Assert.Equal(
            ["AccessLog:MaxFileBytes", "AccessLog:MaxFileAgeHours", "AccessLog:KeepFiles", "AccessLog:QueueLength", "AccessLog:File", "AccessLog:Fields:authorization"],
            result.Failures!.Select(failure => failure.Split(": ")[0]));
        Assert.Contains("request_id", result.Failures!.Last(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(87_600, true)]
    [InlineData(87_601, false)]
    [InlineData(int.MaxValue, false)]
    public void Validate_FileAge_IsWithinWhatATimeSpanHolds(int hours, bool isValid) =>
        Assert.Equal(isValid, Validate(new AccessLogOptions { MaxFileAgeHours = hours }).Succeeded);

    private static Microsoft.Extensions.Options.ValidateOptionsResult Validate(AccessLogOptions options) =>
        new AccessLogOptionsValidator().Validate(null, options);
}
