using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Context.Propagation;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace VllmSecure.ServiceDefaults;

internal static class OpenTelemetryExtensions
{
    /// <summary>The source of HttpClient's spans.</summary>
    public const string HttpClientSource = "System.Net.Http";

    private const string AspNetCoreSource = "Microsoft.AspNetCore";

    /// <summary>The standard's variables that name a collector: for all signals, or for one.</summary>
    private static readonly string[] OtlpEndpoints =
    [
        "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
    ];

    /// <summary>
    /// Logs, metrics and traces. Sampling, resource attributes, headers and intervals are the standard <c>OTEL_*</c>
    /// variables; nothing leaves the process by OTLP unless an endpoint is set.
    /// </summary>
    public static void AddOpenTelemetry(this IHostApplicationBuilder builder, ServiceDefaultsOptions options)
    {
        // W3C trace context alone: ASP.NET Core has read it already, and with any other propagator the instrumentation
        // reads the headers again, which would undo an application's decision not to continue a stranger's trace.
        Sdk.SetDefaultTextMapPropagator(new TraceContextPropagator());

        // No scopes: they carry request lines.
        builder.Logging.AddOpenTelemetry(logging => logging.IncludeFormattedMessage = true);

        var openTelemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource
                .Clear()
                .AddTelemetrySdk()
                .AddService(builder.Environment.ApplicationName)

                // Last, so that OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win.
                .AddEnvironmentVariableDetector())
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter([.. options.Meters])
                .AddView(instrument => options.IgnoredInstruments.Contains(instrument.Name, StringComparer.Ordinal) ? MetricStreamConfiguration.Drop : null)
                .SetExemplarFilter(ExemplarFilterType.TraceBased)
                .AddPrometheusExporter())
            .WithTracing(tracing => tracing
                // The framework's own sources. The instrumentation packages would listen to each request besides, and write what a client
                // sent (path, query, user agent) into its span; who serves a request describes its span.
                .AddSource([AspNetCoreSource, HttpClientSource, .. options.Sources])
                .AddProcessor(new OutgoingSpans()));

        if (Array.Exists(OtlpEndpoints, name => !string.IsNullOrWhiteSpace(builder.Configuration[name])))
        {
            openTelemetry.UseOtlpExporter();
        }
    }
}
