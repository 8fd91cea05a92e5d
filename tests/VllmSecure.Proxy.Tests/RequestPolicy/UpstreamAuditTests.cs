using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using VllmSecure.Proxy.ApiSurface;
using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.RequestPolicy.Advisories;

namespace VllmSecure.Proxy.Tests.RequestPolicy;

public class UpstreamAuditTests
{
    [Fact]
    public async Task Start_OldReleaseWithAnUnknownRoute_WarnsOfBoth()
    {
        var log = await RunAsync("""{"version":"0.29.0"}""", """{"paths":{"/new":{}}}""");

        Assert.Contains(log, line => line.Contains("0.29.0", StringComparison.Ordinal) && line.Contains("CVE-2026-105757", StringComparison.Ordinal));
        Assert.Contains(log, line => line.Contains("/new", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_CurrentReleaseWithKnownRoutes_IsSilent() =>
        Assert.Empty(await RunAsync("""{"version":"0.33.0"}""", """{"paths":{"/v1/models":{}}}"""));

    [Fact]
    public async Task Start_NoAnswerYet_AsksAgain()
    {
        var clock = new FakeTimeProvider();
        var probe = new Probe { Version = null };
        using var audit = Audit(probe, new FakeLogger<UpstreamAudit>(), clock);

        await audit.StartAsync(CancellationToken.None);
        Assert.False(audit.ExecuteTask!.IsCompleted);
        probe.Version = """{"version":"0.33.0"}""";
        clock.Advance(TimeSpan.FromSeconds(30));
        await audit.ExecuteTask.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static async Task<string[]> RunAsync(string version, string openApi)
    {
        var logger = new FakeLogger<UpstreamAudit>();
        using var audit = Audit(new Probe { Version = version, OpenApi = openApi }, logger, new FakeTimeProvider());
        await audit.StartAsync(CancellationToken.None);
        await audit.ExecuteTask!.WaitAsync(TimeSpan.FromSeconds(30));
        return [.. logger.Collector.GetSnapshot().Select(record => record.Message)];
    }

    private static UpstreamAudit Audit(IUpstreamProbe probe, FakeLogger<UpstreamAudit> logger, TimeProvider clock) =>
        new(probe, VllmEndpoints.All, Options.Create(new AdvisoriesOptions()), clock, logger);

    private sealed class Probe : IUpstreamProbe
    {
        public string? Version { get; set; }

        public string? OpenApi { get; init; }

        public IReadOnlyCollection<string> Upstreams => ["vllm"];

        public Task<byte[]?> GetAsync(string upstream, string path, CancellationToken cancellationToken) =>
            Task.FromResult((path == "/version" ? Version : OpenApi) is { } body ? System.Text.Encoding.UTF8.GetBytes(body) : null);
    }
}
