using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.IntegrationTests.Routing;
using VllmSecure.Proxy.ApiKeys;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests;

/// <summary>A configuration file that is changed for the worse under a running proxy changes nothing but the log.</summary>
public sealed class ReloadTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("Upstreams:vllm:Address", "not an address")]
    [InlineData("Upstreams:vllm:Weight", "heavy")]
    public async Task WrongValue_ThenRightOne_KeepsServingSaysSoOnceAndTakesTheRightOne(string key, string wrong)
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        var configuration = new ChangingConfiguration();
        await using var proxy = await StartAsync(first, configuration);

        configuration.Change((key, wrong));
        configuration.Change((key, wrong)); // A file's change may be told twice.
        using var meanwhile = await proxy.Client.SendAsync(ChatRequests.Chat()).WaitAsync(Patience);
        var errors = ErrorsOf(proxy);
        configuration.Change((key, null), ("Upstreams:vllm:Address", second.Address.ToString()));
        await proxy.UntilServedByAsync(second.Address);
        using var afterwards = await proxy.Client.SendAsync(ChatRequests.Chat()).WaitAsync(Patience);

        Assert.Equal(HttpStatusCode.OK, meanwhile.StatusCode);
        Assert.Contains(key, Assert.Single(errors), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, afterwards.StatusCode);
        Assert.Single(first.Journal.Requests, request => request.Method == "POST");
        Assert.Single(second.Journal.Requests, request => request.Method == "POST");
    }

    /// <summary>Also what is read for the first time by the first request, after the change.</summary>
    [Theory]
    [InlineData("Timeouts:FirstByteSeconds", "0")]
    [InlineData("Timeouts:FirstByteSeconds", "soon")]
    [InlineData("Limits:MaxHeaders", "-1")]
    [InlineData("ApiSurface:MaxBodyBytes", "-1")]
    [InlineData("Routing:MaxTries", "0")]
    [InlineData("Routing:Policy", "Bogus")]
    [InlineData("Routing:Health:TimeoutSeconds", "-1")]
    [InlineData("Shutdown:DrainSeconds", "-1")]
    [InlineData("Cors:AllowedOrigins:0", "bogus", "Cors:AllowedOrigins")]
    [InlineData("Tls:MinimumVersion", "1.1")]
    [InlineData("Management:Port", "-1")]
    [InlineData("RequestPolicy:MaxSchemaDepth", "-1")]
    [InlineData("Caching:MaxMegabytes", "-1")]
    public async Task WrongValue_BeforeTheFirstRequest_ServesWithTheOldOne(string key, string wrong, string? named = null)
    {
        await using var vllm = await StartAsync();
        var configuration = new ChangingConfiguration();
        await using var proxy = await StartAsync(vllm, configuration);

        configuration.Change((key, wrong));
        using var response = await proxy.Client.SendAsync(ChatRequests.Chat()).WaitAsync(Patience);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains(named ?? key, Assert.Single(ErrorsOf(proxy)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FileThatIsNoJsonAnyMore_KeepsItsSettingsAndSaysSoOnceThenTakesTheRightOne()
    {
        await using var vllm = await StartAsync();
        var folder = Directory.CreateTempSubdirectory("vllm-secure-test-");
        var file = Path.Combine(folder.FullName, "appsettings.json");
        await File.WriteAllTextAsync(file, Settings("first-key-0123456789-0123456789-0123456789"));
        await using (var proxy = await StartAsync(vllm, new ChangingConfiguration(), KeyValuePair.Create<string, string?>("contentRoot", folder.FullName)))
        {
            using var client = proxy.CreateClient("first-key-0123456789-0123456789-0123456789");

            await File.WriteAllTextAsync(file, Settings("first-key") + "}");
            await UntilAsync(() => Task.FromResult(ErrorsOf(proxy).Length > 0));
            proxy.Services.GetServices<IHostedService>().OfType<ApiKeysReload>().Single().Check(); // It reads the configuration anew, whatever has changed.
            using var meanwhile = await client.SendAsync(ChatRequests.Chat()).WaitAsync(Patience);
            Assert.Equal(HttpStatusCode.OK, meanwhile.StatusCode);
            Assert.Contains("appsettings.json", Assert.Single(ErrorsOf(proxy)), StringComparison.Ordinal);

            await File.WriteAllTextAsync(file, Settings("other-key-0123456789-0123456789-0123456789"));
            using var other = proxy.CreateClient("other-key-0123456789-0123456789-0123456789");
            await UntilAsync(async () =>
            {
                using var response = await other.SendAsync(ChatRequests.Chat());
                return response.IsSuccessStatusCode;
            });
        }

        folder.Delete(recursive: true);

        static string Settings(string key) => $$"""{ "ApiKeys": { "file": { "Key": "{{key}}" } } }""";
    }

    /// <summary>.NET's own settings are made by .NET's own code, which throws what it likes into the middle of a reload.</summary>
    [Fact]
    public async Task WrongLogLevel_DoesNotEndTheReloads()
    {
        await using var vllm = await StartAsync();
        var folder = Directory.CreateTempSubdirectory("vllm-secure-test-");
        var file = Path.Combine(folder.FullName, "appsettings.json");
        await File.WriteAllTextAsync(file, Settings("Warning", "first-key-0123456789-0123456789-0123456789"));
        await using (var proxy = await StartAsync(vllm, new ChangingConfiguration(), KeyValuePair.Create<string, string?>("contentRoot", folder.FullName)))
        {
            await File.WriteAllTextAsync(file, Settings("Verbose", "first-key-0123456789-0123456789-0123456789"));
            await UntilAsync(() => Task.FromResult(ErrorsOf(proxy).Length > 0));
            Assert.Contains("Logging:LogLevel", Assert.Single(ErrorsOf(proxy)), StringComparison.Ordinal);

            await File.WriteAllTextAsync(file, Settings("Warning", "other-key-0123456789-0123456789-0123456789"));
            using var other = proxy.CreateClient("other-key-0123456789-0123456789-0123456789");
            await UntilAsync(async () =>
            {
                using var response = await other.SendAsync(ChatRequests.Chat());
                return response.IsSuccessStatusCode;
            });
        }

        folder.Delete(recursive: true);

        static string Settings(string level, string key) =>
            $$"""{ "Logging": { "LogLevel": { "Some.Category": "{{level}}" } }, "ApiKeys": { "file": { "Key": "{{key}}" } } }""";
    }

    [Fact]
    public async Task FileThatIsGone_KeepsItsSettingsAndSaysSo()
    {
        await using var vllm = await StartAsync();
        var folder = Directory.CreateTempSubdirectory("vllm-secure-test-");
        var file = new FileInfo(Path.Combine(folder.FullName, "appsettings.json"));
        await File.WriteAllTextAsync(file.FullName, """{ "ApiKeys": { "file": { "Key": "first-key-0123456789-0123456789-0123456789" } } }""");
        await using (var proxy = await StartAsync(vllm, new ChangingConfiguration(), KeyValuePair.Create<string, string?>("contentRoot", folder.FullName)))
        {
            using var client = proxy.CreateClient("first-key-0123456789-0123456789-0123456789");

            file.Delete();
            await UntilAsync(() => Task.FromResult(ErrorsOf(proxy).Length > 0));
            proxy.Services.GetServices<IHostedService>().OfType<ApiKeysReload>().Single().Check();
            using var response = await client.SendAsync(ChatRequests.Chat()).WaitAsync(Patience);

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Contains("appsettings.json: the file is gone.", Assert.Single(ErrorsOf(proxy)), StringComparison.Ordinal);
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task WorkingDirectory_OfAnySize_IsNotWatched()
    {
        await using var vllm = await StartAsync();
        await using var proxy = await StartAsync(vllm, new ChangingConfiguration());

        var files = ((IConfigurationRoot)proxy.Services.GetRequiredService<IConfiguration>()).Providers.OfType<FileConfigurationProvider>().ToArray();

        Assert.NotEmpty(files);
        Assert.All(files, provider => Assert.False(provider.Source.ReloadOnChange));
    }

    /// <summary>A file that is taken over gives no other signal than its effect.</summary>
    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await condition())
        {
            await timer.WaitForNextTickAsync(deadline.Token);
        }
    }

    private static Task<SimulatedVllm> StartAsync() => SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });

    private static Task<ProxyUnderTest> StartAsync(SimulatedVllm vllm, ChangingConfiguration configuration, params KeyValuePair<string, string?>[] settings) =>
        ProxyUnderTest.StartAsync(vllm.Address, settings, builder =>
        {
            configuration.AddTo(builder);
            builder.Logging.AddFakeLogging();
        });

    private static string[] ErrorsOf(ProxyUnderTest proxy) =>
        [.. proxy.Services.GetFakeLogCollector().GetSnapshot().Where(record => record.Level >= LogLevel.Error).Select(record => record.Message)];
}
