using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Tls;
using VllmSecure.Proxy.Tls.Acme;

namespace VllmSecure.Proxy.Tests.Tls.Acme;

public sealed class AcmeOptionsValidatorTests
{
    [Fact]
    public void Validate_AnotherSource_IsSkipped() => Assert.True(Validate(new AcmeOptions(), "Files").Skipped);

    [Fact]
    public void Validate_Nothing_NamesDomainAndTermsAtOnce() =>
        Assert.Collection(
            Validate(new AcmeOptions()).Failures!,
            failure => Assert.StartsWith("Tls:Acme:Domains:0:", failure, StringComparison.Ordinal),
            failure => Assert.StartsWith("Tls:Acme:AcceptTermsOfService:", failure, StringComparison.Ordinal));

    [Fact]
    public void Validate_NameAndAddress_Succeeds() =>
        Assert.True(Validate(new AcmeOptions { AcceptTermsOfService = true, Domains = { "llm.example", "203.0.113.7" } }).Succeeded);

    [Theory]
    [InlineData("Tls:Acme:Domains:1", "Domains:1", "https://llm.example")]
    [InlineData("Tls:Acme:Domains:1", "Domains:1", "*.example")]
    [InlineData("Tls:Acme:Domains:1", "Domains:1", "LLM.example.")]
    [InlineData("Tls:Acme:Directories:0", "Directories:0", "http://ca.example")]
    [InlineData("Tls:Acme:StagingDirectory", "StagingDirectory", "ca")]
    [InlineData("Tls:Acme:DirectoryRoot", "DirectoryRoot", "/does/not/exist")]
    [InlineData("Tls:Acme:ExternalAccount", "ExternalAccount:KeyId", "kid")]
    [InlineData("Tls:Acme:Challenges:0", "Challenges:0", "http-02")]
    [InlineData("Tls:Acme:Dns:Hook", "Challenges:0", "dns-01")]
    [InlineData("Tls:Acme:Dns:Hook", "Dns:Hook", "/does/not/exist")]
    [InlineData("Tls:Acme:Dns:WaitSeconds", "Dns:WaitSeconds", "-1")]
    [InlineData("Tls:Acme:Domains:1", "Domains:1", null)]
    public void Validate_Mistake_NamesItsKey(string key, string setting, string? value)
    {
        var options = new AcmeOptions { AcceptTermsOfService = true };
        new ConfigurationBuilder()
            .AddInMemoryCollection([new("Domains:0", "llm.example"), new(setting, value)])
            .Build()
            .Bind(options);

        Assert.StartsWith(key + ": ", Assert.Single(Validate(options).Failures!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*.llm.example", "http-01", "dns-01")]
    [InlineData("203.0.113.7", "dns-01", "http-01")]
    public void Validate_NameThatNoChallengeProves_IsRefused(string name, string challenge, string another)
    {
        var options = new AcmeOptions { AcceptTermsOfService = true, Domains = { name }, Challenges = { challenge }, Dns = { Hook = Environment.ProcessPath } };

        var failure = Assert.Single(Validate(options).Failures!);
        Assert.StartsWith($"Tls:Acme:Challenges: none of them proves {name}. Add {another}", failure, StringComparison.Ordinal);
        options.Challenges.Add(another);
        Assert.True(Validate(options).Succeeded);
    }

    /// <summary>Compose hands an empty line of its <c>.env</c> on as an empty value.</summary>
    [Theory]
    [InlineData("Email")]
    [InlineData("StagingDirectory")]
    [InlineData("DirectoryRoot")]
    [InlineData("Profile")]
    [InlineData("ExternalAccount:KeyId")]
    [InlineData("ExternalAccount:Key")]
    [InlineData("Dns:Hook")]
    public void Validate_OptionalSettingLeftEmpty_IsNotGiven(string setting)
    {
        var options = new AcmeOptions { AcceptTermsOfService = true };
        new ConfigurationBuilder()
            .AddInMemoryCollection([new("Domains:0", "llm.example"), new(setting, "")])
            .Build()
            .Bind(options);

        Assert.True(Validate(options).Succeeded);
        Assert.All([options.Email, options.StagingDirectory, options.DirectoryRoot, options.Profile], Assert.Null);
    }

    [Fact]
    public void Validate_ExternalKeyThatIsNoBase64Url_NamesItsKey()
    {
        var options = new AcmeOptions { AcceptTermsOfService = true, Domains = { "llm.example" }, ExternalAccount = { KeyId = "kid", Key = "not base64url!" } };

        Assert.StartsWith("Tls:Acme:ExternalAccount:Key: ", Assert.Single(Validate(options).Failures!), StringComparison.Ordinal);
    }

    [Fact]
    public void Directories_Configured_ReplaceTheDefault()
    {
        var environment = new HostingEnvironment { EnvironmentName = "Production" };
        var options = new AcmeOptions { Directories = { "https://one.example/", "https://two.example/" } };

        Assert.Equal(["one.example", "two.example"], AcmeDirectories.Of(options, environment).Select(url => url.Host));
        Assert.Equal(["acme-v02.api.letsencrypt.org"], AcmeDirectories.Of(new AcmeOptions(), environment).Select(url => url.Host));
        environment.EnvironmentName = "Development";
        Assert.Equal(["acme-staging-v02.api.letsencrypt.org"], AcmeDirectories.Of(new AcmeOptions(), environment).Select(url => url.Host));
    }

    [Fact]
    public void Staging_OfLetsEncrypt_IsItsStaging()
    {
        var environment = new HostingEnvironment { EnvironmentName = "Production" };
        var real = AcmeDirectories.Of(new AcmeOptions(), environment)[0];

        var staging = AcmeDirectories.StagingOf(real, new AcmeOptions())!;
        Assert.Equal("acme-staging-v02.api.letsencrypt.org", staging.Host);
        Assert.Null(AcmeDirectories.StagingOf(staging, new AcmeOptions()));
        Assert.Null(AcmeDirectories.StagingOf(new Uri("https://own.example/"), new AcmeOptions()));
    }

    private static ValidateOptionsResult Validate(AcmeOptions options, string source = "Acme") =>
        new AcmeOptionsValidator(Options.Create(new TlsOptions { Source = source })).Validate(null, options);
}
