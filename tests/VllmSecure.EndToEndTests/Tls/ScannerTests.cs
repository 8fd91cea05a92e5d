using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using VllmSecure.EndToEndTests.Acme;
using VllmSecure.Proxy;

namespace VllmSecure.EndToEndTests.Tls;

/// <summary>What the scanners of the field say of the running proxy.</summary>
public sealed class ScannerTests : IAsyncLifetime
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("vllm-secure-");
    private WebApplication? _app;

    private Uri Https => ProxyApp.AddressesOf(_app!).Https;

    private string Target => string.Create(CultureInfo.InvariantCulture, $"localhost:{Https.Port}");

    public async ValueTask InitializeAsync()
    {
        // Files, so that it is a production server with HSTS: a development one first makes its certificate.
        var source = Path.Combine(_data.FullName, "source");
        await using (var first = Build("--environment=Development", $"--DataDirectory={source}"))
        {
            await first.StartAsync();
            await first.StopAsync();
        }

        _app = Build(
            "--environment=Production",
            $"--DataDirectory={Path.Combine(_data.FullName, "state")}",
            "--Tls:Source=Files",
            $"--Tls:Files:0:Certificate={Path.Combine(source, "development", "localhost.pem")}",
            $"--Tls:Files:0:Key={Path.Combine(source, "development", "localhost.key")}");
        await _app.StartAsync();
    }

    [Fact]
    public async Task TestSsl_RunningProxy_FindsNothingAboveLow()
    {
        var report = Path.Combine(_data.FullName, "report.json");
        var (_, output) = await Programs.RunAsync(
            Programs.Find("testssl"),
            "--quiet", "--color", "0", "--warnings", "off", "--nodns", "none", "--ip", "127.0.0.1", "--fast", "--severity", "LOW",
            "--add-ca", Path.Combine(_data.FullName, "source", "development", "ca.pem"), "--jsonfile", report, "--protocols", "--server-defaults",
            "--server-preference", "--fs", "--vulnerable", Target);
        await KeepAsync("testssl.txt", output);
        using var findings = JsonDocument.Parse(await File.ReadAllTextAsync(report));
        var serious = findings.RootElement.EnumerateArray()
            .Where(finding => finding.GetProperty("id").GetString() != "cert_revocation") // The local authority has no revocation service; a public CA has.
            .Where(finding => finding.GetProperty("severity").GetString() is "MEDIUM" or "HIGH" or "CRITICAL" or "FATAL")
            .Select(finding => $"{finding.GetProperty("id")}: {finding.GetProperty("finding")}");

        Assert.Empty(serious);
    }

    [Fact]
    public async Task SslScan_RunningProxy_MeetsTheCriteriaOfAPlus()
    {
        var (code, output) = await Programs.RunAsync(Programs.Find("sslscan"), "--no-colour", Target);
        await KeepAsync("sslscan.txt", output);

        Assert.Equal(0, code);
        foreach (var off in new[] { "SSLv2", "SSLv3", "TLSv1.0", "TLSv1.1" })
        {
            Assert.Matches($@"{off}\s+disabled", output);
        }

        Assert.Matches(@"TLSv1\.2\s+enabled", output);
        Assert.Matches(@"TLSv1\.3\s+enabled", output);
        var suites = output.Split('\n').Where(line => line.StartsWith("Accepted", StringComparison.Ordinal) || line.StartsWith("Preferred", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(suites);
        Assert.All(suites, suite => Assert.Matches("TLS_AES|TLS_CHACHA20|ECDHE-.*(GCM|CHACHA20)", suite));
        Assert.DoesNotContain("Compression enabled", output, StringComparison.Ordinal);
        Assert.Contains("Server supports TLS Fallback SCSV", output, StringComparison.Ordinal);

        // The plus: HSTS of half a year at least, on a name that is not localhost.
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"https://127.0.0.1:{Https.Port}/v1/models")) { Headers = { Host = "llm.example" } };
        using var response = await client.SendAsync(request);
        Assert.Equal("max-age=31536000", response.Headers.GetValues("Strict-Transport-Security").Single());
    }

    /// <summary>For a human to read, and for <c>.ci/run</c> to print.</summary>
    private static async Task KeepAsync(string name, string output)
    {
        Directory.CreateDirectory(Repository.PathOf("artifacts", "scans"));
        await File.WriteAllTextAsync(Repository.PathOf("artifacts", "scans", name), output);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        _data.Delete(recursive: true);
    }

    private static WebApplication Build(params string[] arguments) => ProxyApp.Build(
        [.. arguments, "--urls=https://127.0.0.1:0", "--Management:Port=0", "--ApiKeys:test:Key=test-key-0123456789-0123456789-0123456789", "--Upstreams:vllm:Address=http://127.0.0.1:9"],
        builder => builder.Logging.ClearProviders());
}
