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
