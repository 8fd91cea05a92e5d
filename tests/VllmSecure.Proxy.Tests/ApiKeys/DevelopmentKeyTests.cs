using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.ApiKeys;

namespace VllmSecure.Proxy.Tests.ApiKeys;

public sealed class DevelopmentKeyTests
{
    [Fact]
    public async Task Start_DevelopmentWithoutKey_ShowsOneThatWorks()
    {
        var (store, shown) = await StartAsync(Environments.Development, new ApiKeysOptions());
        var secret = shown[shown.IndexOf("vllms_", StringComparison.Ordinal)..].Trim();
        Assert.Equal(ApiKeyVerdict.Accepted, store.Current.Judge(secret, DateTimeOffset.UnixEpoch, out var client));
        Assert.Equal("development", client!.KeyId);
    }

    [Fact]
    public async Task Start_DevelopmentWithKey_MakesNone()
    {
        var options = new ApiKeysOptions();
        options.Keys["mine"] = new ApiKeyEntry { Hash = SecretHash.Of("mine").ToString() };
        var (store, shown) = await StartAsync(Environments.Development, options);
        Assert.Empty(shown);
        Assert.Equal(["mine"], store.Current.Ids);
    }

    [Fact]
    public async Task Start_Production_MakesNone()
    {
        var (store, shown) = await StartAsync(Environments.Production, new ApiKeysOptions());
        Assert.Empty(shown);
        Assert.Empty(store.Current.Ids);
    }

    private static async Task<(ApiKeyStore Store, string Shown)> StartAsync(string environment, ApiKeysOptions options)
    {
        var store = new ApiKeyStore(Options.Create(options));
        await using var output = new StringWriter();
        await new DevelopmentKey(store, new HostingEnvironment { EnvironmentName = environment }, output).StartAsync(CancellationToken.None);
        return (store, output.ToString());
    }
}
