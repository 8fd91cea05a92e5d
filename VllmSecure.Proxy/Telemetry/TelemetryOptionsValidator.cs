using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Telemetry;

/// <summary>
/// Validates the standard variable of the exporter: one that cannot be used is otherwise only an event inside of the
/// exporter that nobody sees.
/// </summary>
internal sealed class TelemetryOptionsValidator(IConfiguration configuration) : IValidateOptions<TelemetryOptions>
{
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public ValidateOptionsResult Validate(string? name, TelemetryOptions options) =>
        string.IsNullOrWhiteSpace(configuration[OtlpEndpoint]) || IsHttpUrl(configuration[OtlpEndpoint])
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"{OtlpEndpoint}: this is not the http or https URL of a collector, such as http://127.0.0.1:4317.");

    private static bool IsHttpUrl(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);
}
