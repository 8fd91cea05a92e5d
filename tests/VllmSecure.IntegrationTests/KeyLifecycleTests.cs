using System.CommandLine;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Proxy.ApiKeys;
using VllmSecure.Proxy.Commands;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests;

/// <summary>Keys come and go while the proxy runs, by the commands that an operator types.</summary>
public sealed class KeyLifecycleTests
{
    [Fact]
    public async Task KeysCommand_WhileTheProxyRuns_IsTakenOverWithoutARestart()
    {
        await using var vllm = await SimulatedVllm.StartAsync();
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);

        var first = await RunAsync(proxy, "create vscode");
        await WaitForAsync(proxy, first, HttpStatusCode.OK);

        var second = await RunAsync(proxy, "rotate vscode --grace 1h");
        await WaitForAsync(proxy, second, HttpStatusCode.OK);
        await WaitForAsync(proxy, first, HttpStatusCode.OK);

        await RunAsync(proxy, "revoke vscode");
        await WaitForAsync(proxy, first, HttpStatusCode.Unauthorized);
        await WaitForAsync(proxy, second, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task KeyFile_Broken_LeavesItsKeysWorking()
    {
        await using var vllm = await SimulatedVllm.StartAsync();
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);
        var secret = await RunAsync(proxy, "create vscode");
        await WaitForAsync(proxy, secret, HttpStatusCode.OK);

        var store = proxy.Services.GetRequiredService<ApiKeyStore>();
        var table = store.Current;
        await File.WriteAllTextAsync(proxy.Services.GetRequiredService<ApiKeyFile>().FilePath, "{ \"keys\": ");
        proxy.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<ApiKeysReload>().Single().Check();

        Assert.Same(table, store.Current);
        await WaitForAsync(proxy, secret, HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("--endpoints models", "/v1/models", HttpStatusCode.OK)]
    [InlineData("--endpoints models", "/v1/models/big", HttpStatusCode.OK)]
    [InlineData("--endpoints /v1/embeddings", "/v1/models", HttpStatusCode.Forbidden)]
    [InlineData("--models small", "/v1/models/small", HttpStatusCode.OK)]
    [InlineData("--models small", "/v1/models/big", HttpStatusCode.Forbidden)]
    public async Task Permissions_OfAKey_AreHeld(string options, string path, HttpStatusCode expected)
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = ["small", "big"] });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);
        var secret = await RunAsync(proxy, $"create vscode {options}");
        await WaitForAsync(proxy, secret, expected, path);
    }

    [Fact]
    public async Task ModelList_OfALimitedKey_ShowsWhatItMayUse()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = ["Qwen/small", "Qwen/big", "llama"] });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address, [new("ApiKeys:test:Models", "Qwen/*")]);

        var list = await proxy.Client.GetStringAsync(new Uri("/v1/models", UriKind.Relative));

        Assert.Contains("Qwen/small", list, StringComparison.Ordinal);
        Assert.Contains("Qwen/big", list, StringComparison.Ordinal);
        Assert.DoesNotContain("llama", list, StringComparison.Ordinal);
    }

    /// <summary>Runs <c>keys …</c> on the proxy's data directory; returns what went to standard output.</summary>
    private static async Task<string> RunAsync(ProxyUnderTest proxy, string line)
    {
        var command = proxy.Services.GetServices<IProxyCommand>().OfType<KeysCommand>().Single().Create();
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        Assert.Equal(0, await command.Parse(line).InvokeAsync(new InvocationConfiguration { Output = output, Error = error }));
        return output.ToString().Trim();
    }

    /// <summary>Asks until the answer is the expected one: the proxy looks for changes once a second.</summary>
    private static async Task WaitForAsync(ProxyUnderTest proxy, string secret, HttpStatusCode expected, string path = "/v1/models")
    {
        using var client = proxy.CreateClient(secret);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            using var response = await client.GetAsync(new Uri(path, UriKind.Relative), timeout.Token);
            if (response.StatusCode == expected)
            {
                return;
            }
        }
    }
}
