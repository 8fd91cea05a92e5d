using System.Globalization;
using System.Text;
using VllmSecure.Proxy.ApiKeys;

namespace VllmSecure.Proxy.Tests.ApiKeys;

public sealed class ApiKeyAdministrationTests : IDisposable
{
    private readonly KeyWorkspace _keys = new("Production", ("ApiKeys:fixed:Key", "0123456789abcdef0123456789abcdef"));

    public void Dispose() => _keys.Dispose();

    [Fact]
    public async Task Create_NewKey_WritesItsHashOnlyForTheOwnerOnly()
    {
        var secret = await _keys.Administration.CreateAsync("vscode", new ApiKeyEntry { Models = ["qwen*"], TokensPerDay = 5 }, CancellationToken.None);
        var text = await File.ReadAllTextAsync(_keys.File.FilePath);
        Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        Assert.Contains(SecretHash.Of(secret).ToString(), text, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            Assert.Equal(ownerOnly, File.GetUnixFileMode(_keys.File.FilePath));
            Assert.Equal(ownerOnly, File.GetUnixFileMode(_keys.File.FilePath + ".lock"));
        }

        var entry = _keys.NewFile().Read([]).Keys["VSCODE"];
        Assert.Equal(["qwen*"], entry.Models);
        Assert.Equal(5, entry.TokensPerDay);
        Assert.Equal(_keys.Clock.GetUtcNow(), entry.CreatedAt);
    }

    [Fact]
    public async Task Create_TakenId_Refuses()
    {
        await _keys.Administration.CreateAsync("vscode", new ApiKeyEntry(), CancellationToken.None);
        await RefusesAsync(() => _keys.Administration.CreateAsync("VSCode", new ApiKeyEntry(), CancellationToken.None), "already");
        await RefusesAsync(() => _keys.Administration.CreateAsync("fixed", new ApiKeyEntry(), CancellationToken.None), "configuration");
    }

    [Fact]
    public async Task Create_UnsoundKey_Refuses()
    {
        await RefusesAsync(() => _keys.Administration.CreateAsync("no spaces", new ApiKeyEntry(), CancellationToken.None), "letters");
        await RefusesAsync(() => _keys.Administration.CreateAsync("a", new ApiKeyEntry { MaxConcurrent = 0 }, CancellationToken.None), "above 0");
        await RefusesAsync(() => _keys.Administration.CreateAsync("a", new ApiKeyEntry { Endpoints = ["chat"] }, CancellationToken.None), "'chat'");
        Assert.False(File.Exists(_keys.File.FilePath));
    }

    [Fact]
    public async Task RotateAndRevoke_UnknownId_Refuse()
    {
        await RefusesAsync(() => _keys.Administration.RotateAsync("nobody", TimeSpan.Zero, CancellationToken.None), "no key 'nobody'");
        await RefusesAsync(() => _keys.Administration.RevokeAsync("nobody", CancellationToken.None), "no key 'nobody'");
        await RefusesAsync(() => _keys.Administration.RevokeAsync("fixed", CancellationToken.None), "configuration");
    }

    [Fact]
    public async Task Rotate_WithoutGrace_EndsTheOldSecret()
    {
        await _keys.Administration.CreateAsync("vscode", new ApiKeyEntry { MaxConcurrent = 2 }, CancellationToken.None);
        var (secret, _) = await _keys.Administration.RotateAsync("vscode", TimeSpan.Zero, CancellationToken.None);
        var entry = _keys.File.Read([]).Keys["vscode"];
        Assert.Equal(SecretHash.Of(secret).ToString(), entry.Hash);
        Assert.Null(entry.PreviousHash);
        Assert.Null(entry.PreviousExpiresAt);
        Assert.Equal(2, entry.MaxConcurrent);
    }

    [Fact]
    public async Task Rotate_KeyThatHasEnded_RefusesAndLeavesIt()
    {
        await _keys.Administration.CreateAsync("vscode", new ApiKeyEntry { ExpiresAt = _keys.Clock.GetUtcNow().AddHours(1) }, CancellationToken.None);
        var before = _keys.File.ReadBytes();
        _keys.Clock.Advance(TimeSpan.FromHours(1));

        await RefusesAsync(() => _keys.Administration.RotateAsync("vscode", TimeSpan.Zero, CancellationToken.None), "ended at 2027-01-01 01:00Z");
        Assert.Equal(before, _keys.File.ReadBytes());
    }

    [Fact]
    public async Task Rotate_WithMoreGraceThanTheKeyHas_SaysWhenTheOldSecretReallyEnds()
    {
        var end = _keys.Clock.GetUtcNow().AddHours(1);
        await _keys.Administration.CreateAsync("vscode", new ApiKeyEntry { ExpiresAt = end }, CancellationToken.None);

        var (_, oldEndsAt) = await _keys.Administration.RotateAsync("vscode", TimeSpan.FromDays(7), CancellationToken.None);

        Assert.Equal(end, oldEndsAt);
        Assert.Equal(end, _keys.File.Read([]).Keys["vscode"].PreviousExpiresAt);
    }

    [Theory]
    [InlineData("2027-01-31", "2027-01-31T00:00:00Z")]
    [InlineData("2027-01-31 12:00", "2027-01-31T12:00:00Z")]
    [InlineData("2027-01-31T12:00:00+02:00", "2027-01-31T10:00:00Z")]
    public void Read_Time_IsThatOfTheConfiguration(string written, string expected)
    {
        var mistakes = new List<string>();

        var content = _keys.File.Parse(Encoding.UTF8.GetBytes("{\"keys\":{\"a\":{\"hash\":\"x\",\"expiresAt\":\"" + written + "\"}}}"), mistakes);

        Assert.Empty(mistakes);
        Assert.Equal(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture), content.Keys["a"].ExpiresAt);
    }

    [Theory]
    [InlineData("\"soon\"")]
    [InlineData("1")]
    [InlineData("\"\\ud800\"")]
    public void Read_WhatIsNoTime_IsAMistake(string written)
    {
        var mistakes = new List<string>();

        _keys.File.Parse(Encoding.UTF8.GetBytes("{\"keys\":{\"a\":{\"hash\":\"x\",\"expiresAt\":" + written + "}}}"), mistakes);

        Assert.Contains("from line 1 on", Assert.Single(mistakes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_ManyWritersAtOnce_LosesNone()
    {
        // Each with a file object of its own, as separate processes have.
        await Task.WhenAll(Enumerable.Range(0, 40).Select(number => Task.Run(() =>
            _keys.NewFile().UpdateAsync(
                content => content.Keys.TryAdd($"key{number}", new ApiKeyEntry { Hash = SecretHash.Of($"{number}").ToString() }),
                CancellationToken.None)))).WaitAsync(TimeSpan.FromSeconds(30));
        var mistakes = new List<string>();
        Assert.Equal(40, _keys.File.Read(mistakes).Keys.Count);
        Assert.Empty(mistakes);
    }

    [Fact]
    public async Task Create_BrokenFile_RefusesAndLeavesItAlone()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_keys.File.FilePath)!);
        await File.WriteAllTextAsync(_keys.File.FilePath, "{\n  broken");
        var exception = await Assert.ThrowsAsync<InvalidDataException>(
            () => _keys.Administration.CreateAsync("vscode", new ApiKeyEntry(), CancellationToken.None));
        Assert.Contains("from line 2 on", exception.Message, StringComparison.Ordinal);
        Assert.Equal("{\n  broken", await File.ReadAllTextAsync(_keys.File.FilePath));
    }

    [Fact]
    public async Task List_KeysOfBothKinds_AllAndWhereFrom()
    {
        await _keys.Administration.CreateAsync(
            "ci", new ApiKeyEntry { Models = ["a", "b"], RequestsPerMinute = 60, ExpiresAt = _keys.Clock.GetUtcNow() }, CancellationToken.None);
        await _keys.Administration.CreateAsync("vscode", new ApiKeyEntry(), CancellationToken.None);
        await _keys.Administration.RotateAsync("vscode", TimeSpan.FromHours(24), CancellationToken.None);
        var lines = KeyListing.Format(_keys.Administration.List(), _keys.Clock.GetUtcNow()).Split(Environment.NewLine);
        Assert.Equal("ID,STATE,EXPIRES,MODELS,ENDPOINTS,LIMITS,FROM", Columns(lines[0]));
        Assert.Equal("ci,expired,2027-01-01 00:00Z,a,b,all,60 requests/min,file", Columns(lines[1]));
        Assert.Equal("fixed,live,never,all,all,default,configuration", Columns(lines[2]));
        Assert.Equal("vscode,live, old secret until 2027-01-02 00:00Z,never,all,all,default,file", Columns(lines[3]));
        Assert.Equal(lines[0].IndexOf("FROM", StringComparison.Ordinal), lines[3].IndexOf("file", StringComparison.Ordinal));

        static string Columns(string line) => string.Join(',', line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    private static async Task RefusesAsync(Func<Task> action, string because)
    {
        var exception = await Assert.ThrowsAsync<KeyAdministrationException>(action);
        Assert.Contains(because, exception.Message, StringComparison.Ordinal);
    }
}
