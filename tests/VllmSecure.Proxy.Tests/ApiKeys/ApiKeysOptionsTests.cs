using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.ApiKeys;

namespace VllmSecure.Proxy.Tests.ApiKeys;

public sealed class ApiKeysOptionsTests
{
    private const string Secret = "0123456789abcdef0123456789abcdef";

    [Fact]
    public void Bind_PlainSecret_KeepsItsHashOnly()
    {
        var entry = Bind(("ApiKeys:vscode:Key", Secret + "\n")).Keys["VSCode"];
        Assert.Equal(SecretHash.Of(Secret).ToString(), entry.Hash);
        Assert.DoesNotContain(Secret, entry.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Bind_AllSettings_AreRead()
    {
        var options = Bind(
            ("ApiKeys:ci:Hash", SecretHash.Of("a").ToString()), ("ApiKeys:ci:PreviousKey", Secret),
            ("ApiKeys:ci:PreviousExpiresAt", "2027-01-01"), ("ApiKeys:ci:ExpiresAt", "2027-02-01T12:00:00+02:00"),
            ("ApiKeys:ci:Models:0", "a"), ("ApiKeys:ci:Models:1", "b*"), ("ApiKeys:ci:Endpoints", "/v1/embeddings, models"),
            ("ApiKeys:ci:RequestsPerMinute", "1"), ("ApiKeys:ci:TokensPerMinute", "2"), ("ApiKeys:ci:TokensPerDay", "3000000000"),
            ("ApiKeys:ci:MaxConcurrent", "4"));
        var entry = options.Keys["ci"];
        Assert.Empty(options.Mistakes);
        Assert.Equal(SecretHash.Of(Secret).ToString(), entry.PreviousHash);
        Assert.Equal(new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero), entry.PreviousExpiresAt);
        Assert.Equal(new DateTimeOffset(2027, 2, 1, 10, 0, 0, TimeSpan.Zero), entry.ExpiresAt);
        Assert.Equal(["a", "b*"], entry.Models);
        Assert.Equal(["/v1/embeddings", "models"], entry.Endpoints);
        Assert.Equal((1, 2L, 3_000_000_000L, 4), (entry.RequestsPerMinute, entry.TokensPerMinute, entry.TokensPerDay, entry.MaxConcurrent));
    }

    [Theory]
    [InlineData("ApiKeys:a:Key", "tooshort", "ApiKeys:a:Key: a secret has 32 to 512 characters")]
    [InlineData("ApiKeys:a:Key", "0123456789abcdef 0123456789abcdef", "ApiKeys:a:Key: a secret has 32 to 512 characters")]
    [InlineData("ApiKeys:a:Hash", "zz", "ApiKeys:a:Hash: is not a SHA-256")]
    [InlineData("ApiKeys:a:RequestPerMinute", "5", "ApiKeys:a:RequestPerMinute: there is no such setting")]
    [InlineData("ApiKeys:a:RequestsPerMinute", "-5", "ApiKeys:a:RequestsPerMinute: '-5' is not a whole number above 0")]
    [InlineData("ApiKeys:a:MaxConcurrent", "3000000000", "ApiKeys:a:MaxConcurrent: '3000000000' is not a whole number")]
    [InlineData("ApiKeys:a:ExpiresAt", "soon", "ApiKeys:a:ExpiresAt: 'soon' is not a time")]
    [InlineData("ApiKeys:a:Models", "", "ApiKeys:a:Models: is there but names nothing")]
    [InlineData("ApiKeys:a:Models", " , ", "ApiKeys:a:Models: is there but names nothing")]
    [InlineData("ApiKeys:a:Models:0", "", "ApiKeys:a:Models: is there but names nothing")]
    [InlineData("ApiKeys:a:Models:0:Name", "x", "ApiKeys:a:Models: is there but names nothing")]
    [InlineData("ApiKeys:a:Endpoints", "", "ApiKeys:a:Endpoints: is there but names nothing")]
    [InlineData("ApiKeys:a:ExpiresAt", "", "ApiKeys:a:ExpiresAt: is there but has no value")]
    [InlineData("ApiKeys:a:PreviousExpiresAt", " ", "ApiKeys:a:PreviousExpiresAt: is there but has no value")]
    [InlineData("ApiKeys:a:TokensPerDay", "", "ApiKeys:a:TokensPerDay: is there but has no value")]
    [InlineData("ApiKeys:a:MaxConcurrent:0", "5", "ApiKeys:a:MaxConcurrent: is there but has no value")]
    [InlineData("ApiKeys:a", Secret, "ApiKeys:a: is a section and not a value")]
    [InlineData("ApiKeys", Secret, "ApiKeys: is a section of keys by id")]
    public void Validate_Mistake_NamesTheSetting(string key, string value, string expected)
    {
        var result = Validate(Environments.Production, Bind((key, value)));
        Assert.Contains(result.Failures!, failure => failure.StartsWith(expected, StringComparison.Ordinal));
        Assert.DoesNotContain(result.Failures!, failure => failure.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public void Validate_EmptyListInJson_NamesTheSetting()
    {
        var options = new ApiKeysOptions();
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes("""{"ApiKeys":{"a":{"Models":[]}}}"""));
        new ApiKeysOptionsSetup(new ConfigurationBuilder().AddJsonStream(stream).Build()).Configure(options);
        Assert.StartsWith("ApiKeys:a:Models: is there but names nothing", Assert.Single(options.Mistakes), StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_HashAndKey_RefusesBoth() =>
        Assert.True(Validate(Environments.Production, Bind(("ApiKeys:a:Key", Secret), ("ApiKeys:a:Hash", SecretHash.Of("b").ToString()))).Failed);

    [Theory]
    [InlineData("Production", true)]
    [InlineData("Staging", true)]
    [InlineData("Development", false)]
    public void Validate_NoKey_RefusesOutsideDevelopment(string environment, bool refused)
    {
        var result = Validate(environment, Bind());
        Assert.Equal(refused, result.Failed);
        if (refused)
        {
            Assert.Contains("ApiKeys:<id>:Key", result.FailureMessage, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Validate_KeyInTheFile_IsEnough()
    {
        using var keys = new KeyWorkspace(Environments.Production);
        await keys.Administration.CreateAsync("vscode", new ApiKeyEntry(), CancellationToken.None);
        Assert.True(new ApiKeysOptionsValidator(keys.Environment, keys.File).Validate(name: null, Bind()).Succeeded);
    }

    [Fact]
    public async Task Validate_BrokenFile_NamesItInsteadOfAskingForAKey()
    {
        using var keys = new KeyWorkspace(Environments.Production);
        await File.WriteAllTextAsync(keys.File.FilePath, "{");
        var failure = Assert.Single(new ApiKeysOptionsValidator(keys.Environment, keys.File).Validate(name: null, Bind()).Failures!);
        Assert.StartsWith(keys.File.FilePath, failure, StringComparison.Ordinal);
    }

    private static ApiKeysOptions Bind(params (string Key, string Value)[] settings)
    {
        var options = new ApiKeysOptions();
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
            .Build();
        new ApiKeysOptionsSetup(configuration).Configure(options);
        return options;
    }

    private static ValidateOptionsResult Validate(string environment, ApiKeysOptions options)
    {
        using var keys = new KeyWorkspace(environment);
        return new ApiKeysOptionsValidator(keys.Environment, keys.File).Validate(name: null, options);
    }
}
