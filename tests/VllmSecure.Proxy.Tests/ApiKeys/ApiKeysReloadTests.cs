using Microsoft.Extensions.Logging;
using VllmSecure.Proxy.ApiKeys;

namespace VllmSecure.Proxy.Tests.ApiKeys;

public sealed class ApiKeysReloadTests : IDisposable
{
    private readonly KeyWorkspace _keys = new("Production");

    public void Dispose() => _keys.Dispose();

    [Fact]
    public async Task Check_KeyCreatedRotatedRevoked_IsTakenOver()
    {
        await _keys.Reload.StartAsync(CancellationToken.None);
        var first = await _keys.Administration.CreateAsync("vscode", new ApiKeyEntry(), CancellationToken.None);
        Assert.Equal(ApiKeyVerdict.Unknown, _keys.Judge(first));
        _keys.Reload.Check();
        Assert.Equal(ApiKeyVerdict.Accepted, _keys.Judge(first));

        var (second, _) = await _keys.Administration.RotateAsync("vscode", TimeSpan.FromHours(1), CancellationToken.None);
        _keys.Reload.Check();
        Assert.Equal(ApiKeyVerdict.Accepted, _keys.Judge(first));
        Assert.Equal(ApiKeyVerdict.Accepted, _keys.Judge(second));
        _keys.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(ApiKeyVerdict.Expired, _keys.Judge(first));
        Assert.Equal(ApiKeyVerdict.Accepted, _keys.Judge(second));

        await _keys.Administration.RevokeAsync("vscode", CancellationToken.None);
        _keys.Reload.Check();
        Assert.Equal(ApiKeyVerdict.Unknown, _keys.Judge(second));
    }

    [Fact]
    public void Interval_Always_IsWithinThePromiseOfTwoSeconds() => Assert.True(ApiKeysReload.Interval < TimeSpan.FromSeconds(2));

    [Theory]
    [InlineData("")]
    [InlineData("{\"keys\":")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"keys\":{\"vscode\":null}}")]
    [InlineData("{\"keys\":{\"vscode\":{\"hash\":\"abc\"}}}")]
    [InlineData("{\"keys\":{\"vscode\":{\"hsh\":\"abc\"}}}")]
    [InlineData("{\"keys\":{},\"keys\":{}}")]
    [InlineData("{\"keys\":{\"a\":{\"hash\":null},\"A\":{\"hash\":null}}}")]
    [InlineData("{\"keys\":{\"a\":{\"models\":[null]}}}")]
    public async Task Check_BrokenFile_KeepsTheKeysOfBeforeAndSaysSoOnce(string content)
    {
        var secret = await _keys.Administration.CreateAsync("vscode", new ApiKeyEntry(), CancellationToken.None);
        await _keys.Reload.StartAsync(CancellationToken.None);
        await File.WriteAllTextAsync(_keys.File.FilePath, content);
        _keys.Reload.Check();
        _keys.Reload.Check();

        Assert.Equal(ApiKeyVerdict.Accepted, _keys.Judge(secret));
        var error = Assert.Single(_keys.Logger.Collector.GetSnapshot(), record => record.Level == LogLevel.Error);
        Assert.Contains("the 1 keys of before stay in force", error.Message, StringComparison.Ordinal);
        Assert.Contains(_keys.File.FilePath, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_RepairedFile_IsTakenOver()
    {
        await _keys.Reload.StartAsync(CancellationToken.None);
        await File.WriteAllTextAsync(_keys.File.FilePath, "{");
        _keys.Reload.Check();
        File.Delete(_keys.File.FilePath);
        var secret = await _keys.Administration.CreateAsync("vscode", new ApiKeyEntry(), CancellationToken.None);
        _keys.Reload.Check();
        Assert.Equal(ApiKeyVerdict.Accepted, _keys.Judge(secret));
    }

    [Fact]
    public async Task Check_UnreadableFile_KeepsTheKeysOfBeforeAndSaysSoOnce()
    {
        var secret = await _keys.Administration.CreateAsync("vscode", new ApiKeyEntry(), CancellationToken.None);
        await _keys.Reload.StartAsync(CancellationToken.None);
        File.Delete(_keys.File.FilePath);
        Directory.CreateDirectory(_keys.File.FilePath);
        _keys.Reload.Check();
        _keys.Reload.Check();
        Assert.Equal(ApiKeyVerdict.Accepted, _keys.Judge(secret));
        Assert.Single(_keys.Logger.Collector.GetSnapshot(), record => record.Level == LogLevel.Error);
    }

    [Fact]
    public async Task Check_FileGoneThatWasUnreadableAtTheStart_LoadsTheConfiguration()
    {
        var secret = SecretText.Create();
        _keys.Configuration["ApiKeys:vscode:Key"] = secret;
        Directory.CreateDirectory(_keys.File.FilePath);
        await _keys.Reload.StartAsync(CancellationToken.None);

        Directory.Delete(_keys.File.FilePath);
        _keys.Reload.Check();

        Assert.Equal(ApiKeyVerdict.Accepted, _keys.Judge(secret));
    }

    [Fact]
    public async Task Check_ConfigurationReloaded_IsTakenOver()
    {
        await _keys.Reload.StartAsync(CancellationToken.None);
        var secret = SecretText.Create();
        _keys.Configuration["ApiKeys:late:Key"] = secret;
        _keys.Configuration.Reload();
        _keys.Reload.Check();
        Assert.Equal(ApiKeyVerdict.Accepted, _keys.Judge(secret));
    }

    [Fact]
    public async Task Execute_AfterTheInterval_LooksByItself()
    {
        await _keys.Reload.StartAsync(CancellationToken.None);
        var secret = await _keys.Administration.CreateAsync("vscode", new ApiKeyEntry(), CancellationToken.None);
        var loaded = Task.Run(() =>
        {
            while (_keys.Judge(secret) != ApiKeyVerdict.Accepted)
            {
                _keys.Clock.Advance(ApiKeysReload.Interval);
                Thread.Yield();
            }
        });
        await loaded.WaitAsync(TimeSpan.FromSeconds(30));
        await _keys.Reload.StopAsync(CancellationToken.None);
    }
}
