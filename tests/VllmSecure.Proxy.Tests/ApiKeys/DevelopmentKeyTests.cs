using VllmSecure.Proxy.ApiKeys;

namespace VllmSecure.Proxy.Tests.ApiKeys;

public sealed class DevelopmentKeyTests
{
    [Fact]
    public async Task Start_DevelopmentWithoutKey_ShowsOneThatWorks()
    {
        using var keys = new KeyWorkspace("Development");
        await keys.Reload.StartAsync(CancellationToken.None);
        var secret = ShownSecret(keys);
        Assert.Equal(ApiKeyVerdict.Accepted, keys.Judge(secret));
        Assert.Equal(["development"], keys.Store.Current.Ids);
        Assert.DoesNotContain(keys.Logger.Collector.GetSnapshot(), record => record.Message.Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_DevelopmentWithoutKey_OneMadeLaterLivesBesideIt()
    {
        using var keys = new KeyWorkspace("Development");
        await keys.Reload.StartAsync(CancellationToken.None);
        var made = await keys.Administration.CreateAsync("vscode", new ApiKeyEntry(), CancellationToken.None);
        keys.Reload.Check();
        Assert.Equal(ApiKeyVerdict.Accepted, keys.Judge(made));
        Assert.Equal(ApiKeyVerdict.Accepted, keys.Judge(ShownSecret(keys)));
    }

    [Fact]
    public async Task Start_DevelopmentWithoutKey_OneMadeLaterUnderItsNameTakesItsPlace()
    {
        using var keys = new KeyWorkspace("Development");
        await keys.Reload.StartAsync(CancellationToken.None);
        var made = await keys.Administration.CreateAsync("Development", new ApiKeyEntry(), CancellationToken.None);
        keys.Reload.Check();
        Assert.Equal(ApiKeyVerdict.Accepted, keys.Judge(made));
        Assert.Equal(ApiKeyVerdict.Unknown, keys.Judge(ShownSecret(keys)));
    }

    [Fact]
    public async Task Start_DevelopmentWithKey_MakesNone()
    {
        using var keys = new KeyWorkspace("Development", ("ApiKeys:mine:Hash", SecretHash.Of("mine").ToString()));
        await keys.Reload.StartAsync(CancellationToken.None);
        Assert.Empty(keys.Shown);
        Assert.Equal(["mine"], keys.Store.Current.Ids);
    }

    [Fact]
    public async Task Start_Production_MakesNone()
    {
        using var keys = new KeyWorkspace("Production");
        await keys.Reload.StartAsync(CancellationToken.None);
        Assert.Empty(keys.Shown);
        Assert.Empty(keys.Store.Current.Ids);
    }

    private static string ShownSecret(KeyWorkspace keys) =>
        keys.Shown[keys.Shown.IndexOf("vllms_", StringComparison.Ordinal)..].Trim();
}
