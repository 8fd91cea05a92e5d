using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Telemetry;

/// <summary>
/// Validates the standard variables of the exporter: one that cannot be used is otherwise only an event inside of the
/// exporter that nobody sees.
/// </summary>
internal sealed class TelemetryOptionsValidator(IConfiguration configuration) : IValidateOptions<TelemetryOptions>
{
    /// <summary>For all signals, and for one.</summary>
    private static readonly string[] Prefixes =
        ["OTEL_EXPORTER_OTLP_", "OTEL_EXPORTER_OTLP_TRACES_", "OTEL_EXPORTER_OTLP_METRICS_", "OTEL_EXPORTER_OTLP_LOGS_"];

    public ValidateOptionsResult Validate(string? name, TelemetryOptions options)
    {
        var errors = new List<string>();
        foreach (var prefix in Prefixes)
        {
            Require(prefix + "ENDPOINT", IsHttpUrl, "this is not the http or https URL of a collector, such as http://127.0.0.1:4317.");
            Require(prefix + "PROTOCOL", protocol => protocol is "grpc" or "http/protobuf", "this is neither grpc nor http/protobuf.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Require(string key, Func<string, bool> isValid, string message)
        {
            if (configuration[key] is { } value && !string.IsNullOrWhiteSpace(value) && !isValid(value))
            {
                errors.Add($"{key}: {message}");
            }
        }
    }

    private static bool IsHttpUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);
}
