using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Proxy;
using VllmSecure.Proxy.Commands;

namespace VllmSecure.IntegrationTests;

/// <summary>The commands that supervisors and operators run beside a proxy.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("vllm-secure-test-");

    [Fact]
    public async Task HealthCheck_OfAProxyWithoutUpstream_IsLiveAndNotReady()
    {
        await using var proxy = await ProxyUnderTest.StartAsync();
        var port = $"--Management:Port={proxy.Addresses.Management.Port}";

        var live = await RunAsync(["healthcheck"], port);
        var ready = await RunAsync(["healthcheck", "--ready"], port);

        Assert.Equal(0, live.Code);
        Assert.Equal(1, ready.Code);
        Assert.Contains("upstreams", ready.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HealthCheck_OfAnyAddress_AsksLoopback()
    {
        await using var proxy = await ProxyUnderTest.StartAsync();

        var live = await RunAsync(["healthcheck"], $"--Management:Port={proxy.Addresses.Management.Port}", "--Management:Address=0.0.0.0");

        Assert.Equal(0, live.Code);
    }

    [Fact]
    public async Task HealthCheck_WhereNothingRuns_FailsAndNamesTheAddress()
    {
        int port;
        await using (var proxy = await ProxyUnderTest.StartAsync())
        {
            port = proxy.Addresses.Management.Port;
        }

        var live = await RunAsync(["healthcheck"], $"--Management:Port={port}");

        Assert.Equal(1, live.Code);
        Assert.Contains($"127.0.0.1:{port}", live.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HealthCheck_WithAWrongAddress_NamesTheSetting()
    {
        var live = await RunAsync(["healthcheck"], "--Management:Address=private");

        Assert.Equal(1, live.Code);
        Assert.Contains("Management:Address", live.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConfigCheck_WithWrongSettings_NamesEachAsAStartDoes()
    {
        var check = await RunAsync(["config", "check"], "--Timeouts:ConnectSeconds=0", "--Shutdown:DrainSeconds=-1");

        Assert.Equal(1, check.Code);
        Assert.Contains("Timeouts:ConnectSeconds", check.Error, StringComparison.Ordinal);
        Assert.Contains("Shutdown:DrainSeconds", check.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConfigCheck_WithACompleteConfiguration_Succeeds()
    {
        var check = await RunAsync(["config", "check"], "--Upstreams:vllm:Address=http://127.0.0.1:8000");

        Assert.Equal(0, check.Code);
        Assert.Empty(check.Error);
    }

    public void Dispose() => _data.Delete(recursive: true);

    private async Task<(int Code, string Error)> RunAsync(string[] words, params string[] configuration)
    {
        await using var app = ProxyApp.Build(["--environment=Development", $"--DataDirectory={_data.FullName}", .. configuration]);
        using var error = new StringWriter();
        var command = app.Services.GetServices<IProxyCommand>().Select(command => command.Create()).Single(command => command.Name == words[0]);
        var code = await command.Parse(words[1..])
            .InvokeAsync(new InvocationConfiguration { Output = TextWriter.Null, Error = error })
            .WaitAsync(TimeSpan.FromSeconds(30));
        return (code, error.ToString());
    }
}
