using Microsoft.Extensions.Configuration;
using VllmSecure.Proxy.Telemetry;

namespace VllmSecure.Proxy.Tests.Telemetry;

public sealed class TelemetryOptionsValidatorTests
{
    [Theory]
    [InlineData(null, true)]
    [InlineData("", true)]
    [InlineData("http://127.0.0.1:4317", true)]
    [InlineData("https://collector.example/otlp", true)]
    [InlineData("127.0.0.1:4317", false)]
    [InlineData("file:///tmp/x", false)]
    [InlineData("not a url", false)]
    public void Validate_Endpoint_MustBeAnHttpUrl(string? endpoint, bool valid)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)]).Build();

        var result = new TelemetryOptionsValidator(configuration).Validate(null, new TelemetryOptions());

        Assert.Equal(valid, result.Succeeded);
        if (!valid)
        {
            Assert.Contains("OTEL_EXPORTER_OTLP_ENDPOINT", result.FailureMessage, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "localhost:4317")]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "collector")]
    [InlineData("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "ftp://collector")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json")]
    [InlineData("OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", "http")]
    public void Validate_ExporterThatWouldSendNothing_IsNamed(string key, string value)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(key, value), new("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "grpc")]).Build();

        var result = new TelemetryOptionsValidator(configuration).Validate(null, new TelemetryOptions());

        Assert.StartsWith($"{key}: ", Assert.Single(result.Failures!), StringComparison.Ordinal);
    }
}
