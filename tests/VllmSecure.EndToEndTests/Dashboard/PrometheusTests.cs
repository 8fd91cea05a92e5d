using System.Diagnostics;
using VllmSecure.Simulator;

namespace VllmSecure.EndToEndTests.Dashboard;

/// <summary>Prometheus' own <c>promtool</c> reads what the proxy exposes, and the alert rules.</summary>
public sealed class PrometheusTests
{
    [Fact]
    public async Task Scrape_AfterARequest_IsReadByPromtool()
    {
        var promtool = FindPromtool();
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = ["m"] });
        await using var proxy = await ExportingProxy.StartAsync(vllm.Address, collector: null);
        await proxy.CreateClient("m").CompleteChatAsync("hello");
        using var client = new HttpClient { BaseAddress = proxy.Management };
        var text = await client.GetStringAsync("/metrics");

        var (code, output) = await RunAsync(promtool, text, "check", "metrics");

        // 3: read, but it has advice. The runtime's own names are the only ones that it may have any for.
        Assert.Contains("vllm_secure_requests_total", text, StringComparison.Ordinal);
        Assert.True(code is 0 or 3, output);
        Assert.All(output.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.StartsWith("dotnet_", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task AlertRules_Checked_AreValid()
    {
        var (code, output) = await RunAsync(FindPromtool(), "", "check", "rules", Repository.PathOf("docs", "operations", "prometheus-alerts.yml"));

        Assert.True(code == 0, output);
        Assert.Contains("SUCCESS", output, StringComparison.Ordinal);
    }

    private static string FindPromtool()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Prepend(Repository.PathOf("artifacts", "prometheus", "usr", "bin"))
            .Select(directory => Path.Combine(directory, "promtool")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, "promtool is missing: run .ci/fetch-promtool, or install Debian's package prometheus.");
        return path!;
    }

    private static async Task<(int Code, string Output)> RunAsync(string program, string input, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return (process.ExitCode, await output + await errors);
    }
}
