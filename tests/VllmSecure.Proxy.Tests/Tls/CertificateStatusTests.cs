using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Time.Testing;
using VllmSecure.Proxy.Telemetry;
using VllmSecure.Proxy.Tls;
using VllmSecure.Proxy.Tls.CommandLine;

namespace VllmSecure.Proxy.Tests.Tls;

public sealed class CertificateStatusTests
{
    private static readonly CertificateStatus Good = new(["llm.example"], "ca", TestCertificates.Start.AddDays(30))
    {
        NextRenewal = TestCertificates.Start.AddDays(10),
        LastAttempt = TestCertificates.Start.AddDays(-1),
    };

    private static readonly CertificateStatus Missing = Good with { IsPlaceholder = true, LastError = "port 80 is closed.", Failures = 3 };

    [Fact]
    public void Health_Placeholder_IsNotReadyAndSaysWhy()
    {
        var result = CertificateHealthCheck.Judge([Missing, Missing], TestCertificates.Start);

        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.Contains("port 80 is closed.", result.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Health_PlaceholderBesideACertificate_IsReadyAndSaysWhatIsMissing()
    {
        var result = CertificateHealthCheck.Judge([Good, Missing], TestCertificates.Start);

        Assert.Equal(HealthStatus.Degraded, result.Status);
        Assert.Contains("port 80 is closed.", result.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Health_Ended_IsDegraded() =>
        Assert.Equal(HealthStatus.Degraded, CertificateHealthCheck.Judge([Good], TestCertificates.Start.AddDays(31)).Status);

    [Fact]
    public void Health_Good_IsHealthy() =>
        Assert.Equal(HealthStatus.Healthy, CertificateHealthCheck.Judge([Good], TestCertificates.Start).Status);

    [Fact]
    public void Metrics_EachCertificate_TellsWhatAnAlertNeeds()
    {
        var clock = new FakeTimeProvider(TestCertificates.Start);
        using var services = Services(Missing);
        var meters = services.GetRequiredService<IMeterFactory>();
        _ = new CertificateMetrics(meters, services, clock);

        Assert.Equal(TimeSpan.FromDays(30).TotalSeconds, Measure(meters, CertificateMetricNames.Expiry));
        Assert.Equal(TimeSpan.FromDays(10).TotalSeconds, Measure(meters, CertificateMetricNames.Renewal));
        Assert.Equal(TimeSpan.FromDays(1).TotalSeconds, Measure(meters, CertificateMetricNames.LastAttempt));
        Assert.Equal(0, Measure(meters, CertificateMetricNames.LastResult));
        Assert.Equal(3, Measure(meters, CertificateMetricNames.Failures));
    }

    [Fact]
    public void Metrics_AttemptWithoutAnOutcome_IsNoSuccess()
    {
        using var services = Services(Missing with { LastError = null, Failures = 1 });
        var meters = services.GetRequiredService<IMeterFactory>();
        _ = new CertificateMetrics(meters, services, new FakeTimeProvider(TestCertificates.Start));
        using var collector = new MetricCollector<double>(meters, TelemetryNames.Meter, CertificateMetricNames.LastResult);
        collector.RecordObservableInstruments();

        Assert.Empty(collector.GetMeasurementSnapshot());
    }

    [Fact]
    public void Status_EachCertificate_IsJson()
    {
        using var services = Services(Missing);
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            new CertificateStatusContributor(services).Write(writer);
        }

        using var json = JsonDocument.Parse(Encoding.UTF8.GetString(stream.ToArray()));
        var certificate = json.RootElement[0];
        Assert.Equal("llm.example", certificate.GetProperty("names")[0].GetString());
        Assert.True(certificate.GetProperty("placeholder").GetBoolean());
        Assert.Equal(TestCertificates.Start.AddDays(10), certificate.GetProperty("nextRenewal").GetDateTimeOffset());
        Assert.Equal("port 80 is closed.", certificate.GetProperty("lastError").GetString());
        Assert.Equal(3, certificate.GetProperty("failures").GetInt32());
    }

    [Fact]
    public void List_Line_HasNamesEndAndFailure()
    {
        Assert.Equal("llm.example  |  until 2026-07-01 00:00:00Z  |  ca  |  next renewal 2026-06-11 00:00:00Z", CertificateList.Line(Good));
        Assert.EndsWith("last attempt failed: port 80 is closed.", CertificateList.Line(Missing), StringComparison.Ordinal);
    }

    private static double Measure(IMeterFactory meters, string instrument)
    {
        using var collector = new MetricCollector<double>(meters, TelemetryNames.Meter, instrument);
        collector.RecordObservableInstruments();
        return Assert.Single(collector.GetMeasurementSnapshot()).Value;
    }

    private static ServiceProvider Services(CertificateStatus status) =>
        new ServiceCollection().AddMetrics().AddSingleton<ICertificateSource>(new Fixed(status)).BuildServiceProvider();

    private sealed class Fixed(CertificateStatus status) : ICertificateSource
    {
        public Task LoadAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task WatchAsync(CancellationToken stopping) => Task.CompletedTask;

        public IReadOnlyList<CertificateStatus> Describe() => [status];
    }
}
