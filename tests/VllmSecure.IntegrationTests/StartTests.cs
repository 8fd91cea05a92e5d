using System.Net.Sockets;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Proxy;

namespace VllmSecure.IntegrationTests;

/// <summary>A proxy that cannot serve safely does not start, and says everything that is missing at once.</summary>
public sealed class StartTests : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("vllm-secure-test-");

    [Fact]
    public async Task Production_WithNothingConfigured_NamesAllThatIsMissing()
    {
        var failure = await TryStartAsync("--environment=Production");

        Assert.NotNull(failure);
        Assert.Contains("Upstreams:", failure, StringComparison.Ordinal);
        Assert.Contains("Tls:Source", failure, StringComparison.Ordinal);
        Assert.Contains("ApiKeys:", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithWrongSettings_NamesEachKey()
    {
        var failure = await TryStartAsync(
            "--environment=Development", "--Timeouts:ConnectSeconds=0", "--Limits:MaxConnections=-1", "--Upstreams:gpu:Address=gpu-box:8000",
            "--Cors:AllowedOrigins:0=chat.example.org", "--Shutdown:DrainSeconds=-1", "--ApiSurface:MaxBodyBytes=0", "--Management:Address=private");

        Assert.NotNull(failure);
        Assert.All(
            ["Timeouts:ConnectSeconds", "Limits:MaxConnections", "Upstreams:gpu:Address", "Cors:AllowedOrigins", "Shutdown:DrainSeconds", "ApiSurface:MaxBodyBytes", "Management:Address"],
            key => Assert.Contains(key, failure, StringComparison.Ordinal));
    }

    /// <summary>Whoever is made first, or cannot even read its value, must not keep the others from being named.</summary>
    [Fact]
    public async Task Start_WithMistakesOfEveryKind_NamesAllOfThem()
    {
        (string Key, string Value)[] mistakes =
        [
            ("AccessLog:QueueLength", "0"), ("Admission:MaxQueued", "0"), ("Shutdown:DrainSeconds", "long"),
            ("Management:Port", "none"), ("Upstreams:gpu:Weight", "heavy"), ("Limits:MaxConnections", "0"),
        ];

        var failure = await TryStartAsync(["--environment=Development", .. mistakes.Select(mistake => $"--{mistake.Key}={mistake.Value}")]);

        Assert.NotNull(failure);
        Assert.All(mistakes, mistake => Assert.Contains(mistake.Key, failure, StringComparison.Ordinal));
    }

    /// <summary>Somebody may write the largest number for "never"; no timer waits for so long.</summary>
    [Fact]
    public async Task Start_WithValuesBeyondWhatCanBeKept_NamesEachKey()
    {
        string[] keys =
        [
            "Timeouts:ConnectSeconds", "Timeouts:FirstByteSeconds", "Timeouts:BetweenBytesSeconds", "Shutdown:DrainSeconds",
            "Limits:HandshakeTimeoutSeconds", "Limits:HeadersTimeoutSeconds", "Limits:KeepAliveSeconds", "Limits:MaxHeadersBytes", "Limits:MaxHeaders",
            "Routing:DnsRefreshSeconds", "Routing:Health:IntervalSeconds", "Routing:Health:TimeoutSeconds", "Routing:Health:OpenSeconds",
            "Admission:MaxWaitSeconds", "AccessLog:MaxFileAgeHours", "StatefulResponses:Hours",
        ];

        var failure = await TryStartAsync(["--environment=Development", .. keys.Select(key => $"--{key}={int.MaxValue}")]);

        Assert.NotNull(failure);
        Assert.All(keys, key => Assert.Contains($"{key}: ", failure, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Limits:MaxConnections")]
    [InlineData("Timeouts:ConnectSeconds")]
    [InlineData("ApiSurface:Tokenizer")]
    public async Task Start_WithAValueOfTheWrongType_NamesTheKey(string key)
    {
        var failure = await TryStartAsync("--environment=Development", $"--{key}=many");

        Assert.NotNull(failure);
        Assert.Contains(key, failure, StringComparison.Ordinal);
    }

    /// <summary>No address of these may be dropped, or become one on every interface.</summary>
    [Theory]
    [InlineData("https://localhost:99999")]
    [InlineData("https://unix:/tmp/proxy.sock")]
    [InlineData("htps://127.0.0.1:0")]
    public async Task Start_OnAnAddressThatCannotBe_NamesIt(string address)
    {
        var failure = await TryStartAsync("--environment=Development", $"--urls=https://127.0.0.1:0;{address}");

        Assert.NotNull(failure);
        Assert.Contains($"ASPNETCORE_URLS: '{address}'", failure, StringComparison.Ordinal);
    }

    /// <summary>What the builder itself stumbles over is an operator's mistake as well.</summary>
    [Theory]
    [InlineData("{ no JSON", "Information")]
    [InlineData("{}", "Verbosely")]
    public async Task Serve_WithSettingsThatCannotBeRead_EndsWithoutAnException(string file, string level)
    {
        await File.WriteAllTextAsync(Path.Combine(_data.FullName, "appsettings.json"), file);

        Assert.Equal(1, await ProxyApp.RunAsync([$"--contentRoot={_data.FullName}", $"--DataDirectory={_data.FullName}", $"--Logging:LogLevel:Default={level}"]));
    }

    [Fact]
    public async Task Start_OnAPortInUse_SaysSoInOneSentence()
    {
        using var taken = new TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;

        var failure = await TryStartAsync("--environment=Development", $"--urls=https://127.0.0.1:{port}");

        Assert.NotNull(failure);
        Assert.Contains($"https://127.0.0.1:{port}", failure, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", failure, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure);
    }

    [Fact]
    public async Task Development_WithNothingConfigured_Starts()
    {
        await using var proxy = await ProxyUnderTest.StartAsync(settings: [new("ApiKeys:test:Key", null)]);

        using var health = new HttpClient();
        using var response = await health.GetAsync(new Uri(proxy.Addresses.Management, "/health/live"));

        Assert.True(response.IsSuccessStatusCode);
    }

    public void Dispose() => _data.Delete(recursive: true);

    private async Task<string?> TryStartAsync(params string[] arguments)
    {
        await using var app = ProxyApp.Build([$"--DataDirectory={_data.FullName}", "--HTTPS_PORTS=0", "--HTTP_PORTS=0", "--Management:Port=0", .. arguments]);
        return await ProxyApp.TryStartAsync(app);
    }
}
