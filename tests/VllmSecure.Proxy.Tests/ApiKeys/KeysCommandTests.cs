using System.CommandLine;
using VllmSecure.Proxy.ApiKeys;

namespace VllmSecure.Proxy.Tests.ApiKeys;

public sealed class KeysCommandTests : IDisposable
{
    private readonly KeyWorkspace _keys = new("Production");

    public void Dispose() => _keys.Dispose();

    [Fact]
    public async Task Create_WithLimits_PrintsTheSecretAloneAndKeepsTheLimits()
    {
        var (exitCode, output, error) = await RunAsync(
            "create vscode --models a,b* --models c --endpoints inference /v1/models --requests-per-minute 10 --tokens-per-minute 2000 "
            + "--tokens-per-day 30000 --max-concurrent 4 --expires 90d");
        Assert.Equal(0, exitCode);
        Assert.Contains("shown this once", error, StringComparison.Ordinal);
        var entry = _keys.File.Read([]).Keys["vscode"];
        Assert.Equal(SecretHash.Of(output.TrimEnd()).ToString(), entry.Hash);
        Assert.Equal(["a", "b*", "c"], entry.Models);
        Assert.Equal(["inference", "/v1/models"], entry.Endpoints);
        Assert.Equal((10, 2000L, 30000L, 4), (entry.RequestsPerMinute, entry.TokensPerMinute, entry.TokensPerDay, entry.MaxConcurrent));
        Assert.Equal(_keys.Clock.GetUtcNow().AddDays(90), entry.ExpiresAt);
    }

    [Fact]
    public async Task RotateRevokeList_InTurn_Work()
    {
        var (_, first, _) = await RunAsync("create vscode");
        var (rotated, second, error) = await RunAsync("rotate vscode --grace 1h");
        Assert.Equal(0, rotated);
        Assert.Contains("the old one works until 2027-01-01 01:00Z", error, StringComparison.Ordinal);
        var entry = _keys.File.Read([]).Keys["vscode"];
        Assert.Equal(SecretHash.Of(second.TrimEnd()).ToString(), entry.Hash);
        Assert.Equal(SecretHash.Of(first.TrimEnd()).ToString(), entry.PreviousHash);

        var (listed, list, _) = await RunAsync("list");
        Assert.Equal(0, listed);
        Assert.Contains("vscode", list, StringComparison.Ordinal);
        Assert.DoesNotContain("sha256", list, StringComparison.Ordinal);

        Assert.Equal(0, (await RunAsync("revoke vscode")).ExitCode);
        Assert.Empty(_keys.File.Read([]).Keys);
    }

    [Theory]
    [InlineData("revoke nobody", "no key 'nobody'")]
    [InlineData("rotate nobody", "no key 'nobody'")]
    [InlineData("create vscode --expires yesterday", "--expires: 'yesterday'")]
    [InlineData("create vscode --max-concurrent 0", "above 0")]
    [InlineData("create vscode --max-concurrent many", "many")]
    [InlineData("create vscode --models \"\"", "--models: names nothing")]
    [InlineData("create vscode --endpoints ,", "--endpoints: names nothing")]
    [InlineData("create", "argument missing")]
    public async Task AnyCommand_Mistake_SaysSoAndFails(string line, string expected)
    {
        var (exitCode, output, error) = await RunAsync(line);
        Assert.NotEqual(0, exitCode);
        Assert.DoesNotContain("vllms_", output, StringComparison.Ordinal);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(string line)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var command = new KeysCommand(_keys.Administration, _keys.Clock).Create();
        var exitCode = await command.Parse(line).InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        return (exitCode, output.ToString(), error.ToString());
    }
}
