using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting.Internal;
using VllmSecure.Proxy.Tls;

namespace VllmSecure.Proxy.Tests.Tls;

public sealed class TlsOptionsValidatorTests
{
    [Fact]
    public void Validate_ProductionWithoutSource_NamesTheKeyAndTheChoices()
    {
        var result = Validate(new TlsOptions(), "Production");

        Assert.StartsWith("Tls:Source: Production", Assert.Single(result.Failures!), StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_ProductionWithHandedOverCertificate_Succeeds() =>
        Assert.True(Validate(new TlsOptions(), "Production", ("Kestrel:Certificates:Default:Path", "a.pfx")).Succeeded);

    [Fact]
    public void Validate_Development_NeedsNoSource() => Assert.True(Validate(new TlsOptions(), "Development").Succeeded);

    [Theory]
    [InlineData("Magic", "1.2", "Tls:Source")]
    [InlineData("HandedOver", "1.2", "Tls:Source")]
    [InlineData("Development", "1.1", "Tls:MinimumVersion")]
    public void Validate_WrongValue_NamesItsKey(string source, string version, string key)
    {
        var result = Validate(new TlsOptions { Source = source, MinimumVersion = version }, "Production");

        Assert.StartsWith(key + ": ", Assert.Single(result.Failures!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(3650, true)]
    [InlineData(3651, false)]
    public void ValidateHsts_Days_WithinTenYears(int days, bool valid) =>
        Assert.Equal(valid, new TlsHstsOptionsValidator().Validate(null, new TlsHstsOptions { MaxAgeDays = days }).Succeeded);

    private static Microsoft.Extensions.Options.ValidateOptionsResult Validate(
        TlsOptions options, string environment, params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
            .Build();
        return new TlsOptionsValidator(configuration, new HostingEnvironment { EnvironmentName = environment }).Validate(null, options);
    }
}
