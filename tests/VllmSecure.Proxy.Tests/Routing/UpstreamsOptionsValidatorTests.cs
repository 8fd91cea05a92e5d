using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using VllmSecure.Proxy.Routing;

namespace VllmSecure.Proxy.Tests.Routing;

public sealed class UpstreamsOptionsValidatorTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8000")]
    [InlineData("http://10.1.2.3:8000")]
    [InlineData("http://vllm")]
    [InlineData("https://8.8.8.8")]
    [InlineData("unix:/run/vllm.sock")]
    public void Validate_GoodAddress_Succeeds(string address) => Assert.Empty(Failures(new UpstreamOptions { Address = address }));

    [Theory]
    [InlineData(null, ":Address")]
    [InlineData("vllm:8000", ":Address")]
    [InlineData("unix:relative", ":Address")]
    [InlineData("ftp://vllm", ":Address")]
    [InlineData("http://user:secret@vllm", ":ApiKey")]
    [InlineData("http://8.8.8.8:8000", ":AllowPlainHttp")]
    [InlineData("http://[2001:db8::1]:8000", ":AllowPlainHttp")]
    public void Validate_BadAddress_NamesTheKey(string? address, string key)
    {
        var failure = Assert.Single(Failures(new UpstreamOptions { Address = address }));

        Assert.StartsWith("Upstreams:a:Address", failure, StringComparison.Ordinal);
        Assert.Contains("Upstreams:a" + key, failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_PublicAddressThatIsAllowed_Succeeds() =>
        Assert.Empty(Failures(new UpstreamOptions { Address = "http://8.8.8.8:8000", AllowPlainHttp = true }));

    [Fact]
    public void Validate_WrongTlsSettings_NamesEachKey()
    {
        var failures = Failures(new UpstreamOptions
        {
            Address = "https://vllm",
            PinnedKey = "sha256/AAAA",
            CertificateAuthority = "/nowhere/ca.pem",
            ClientCertificateKey = "/nowhere/key.pem",
            Weight = double.NaN,
        });

        foreach (var key in new[] { "PinnedKey", "CertificateAuthority", "ClientCertificateKey", "Weight" })
        {
            Assert.Contains(failures, failure => failure.StartsWith($"Upstreams:a:{key}:", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("secret\n")]
    [InlineData("sec\tret")]
    [InlineData("sécret")]
    public void Validate_KeyThatNoHeaderCanCarry_NamesItAndKeepsItToItself(string key)
    {
        var failure = Assert.Single(Failures(new UpstreamOptions { Address = "http://vllm", ApiKey = key }));

        Assert.StartsWith("Upstreams:a:ApiKey: holds a line break", failure, StringComparison.Ordinal);
        Assert.DoesNotContain(key, failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_NoUpstreamInProduction_SaysHowToNameOne() =>
        Assert.Contains("Upstreams:vllm:Address", Assert.Single(Validate(new UpstreamsOptions())), StringComparison.Ordinal);

    private static List<string> Failures(UpstreamOptions upstream)
    {
        var options = new UpstreamsOptions();
        options.Upstreams["a"] = upstream;
        return Validate(options);
    }

    private static List<string> Validate(UpstreamsOptions options) =>
        [.. new UpstreamsOptionsValidator(new HostingEnvironment { EnvironmentName = Environments.Production }).Validate(null, options).Failures ?? []];
}
