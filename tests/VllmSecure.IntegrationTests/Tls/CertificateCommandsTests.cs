using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using VllmSecure.Proxy;
using VllmSecure.Proxy.Commands;
using VllmSecure.Proxy.Tls;

namespace VllmSecure.IntegrationTests.Tls;

/// <summary>The <c>certificates</c> commands in Development; with a CA they run against Pebble, end to end.</summary>
public sealed class CertificateCommandsTests : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("vllm-secure-test-");

    [Fact]
    public async Task Trust_BeforeTheFirstStart_SaysWhatMakesTheAuthority()
    {
        var (code, _, error) = await RunAsync("trust");

        Assert.Equal(1, code);
        Assert.Contains("first start", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TrustAndList_AfterTheFirstStart_NameTheAuthorityAndTheCertificate()
    {
        await using (var app = Build())
        {
            await app.Services.GetRequiredService<ICertificateSource>().LoadAsync(CancellationToken.None);
        }

        var authority = Path.Combine(_data.FullName, "development", "ca.pem");
        var trust = await RunAsync("trust");
        var list = await RunAsync("list");

        Assert.Equal((0, 0), (trust.Code, list.Code));
        Assert.True(File.Exists(authority));
        Assert.Contains($"NODE_EXTRA_CA_CERTS='{authority}'", trust.Output, StringComparison.Ordinal);
        Assert.Contains("localhost", list.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RenewAndRevoke_WithoutACa_SayWhatIsMissing()
    {
        var renew = await RunAsync("renew");
        var revoke = await RunAsync("revoke", "llm.example.com");

        Assert.Equal((1, 1), (renew.Code, revoke.Code));
        Assert.Contains("Tls:Source=Acme", renew.Error, StringComparison.Ordinal);
        Assert.Contains("there is no certificate of this name", revoke.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _data.Delete(recursive: true);

    private Microsoft.AspNetCore.Builder.WebApplication Build() => ProxyApp.Build(["--environment=Development", $"--DataDirectory={_data.FullName}"]);

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] words)
    {
        await using var app = Build();
        using var output = new StringWriter();
        using var error = new StringWriter();
        var command = app.Services.GetServices<IProxyCommand>().Select(command => command.Create()).Single(command => command.Name == "certificates");
        var code = await command.Parse(words).InvokeAsync(new InvocationConfiguration { Output = output, Error = error }).WaitAsync(TimeSpan.FromSeconds(30));
        return (code, output.ToString(), error.ToString());
    }
}
