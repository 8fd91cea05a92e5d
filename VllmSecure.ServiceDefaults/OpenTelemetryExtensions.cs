using System.Diagnostics;
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
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

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
                .AddAspNetCoreInstrumentation(requests =>
                {
                    requests.Filter = options.TraceRequest;
                    requests.EnrichWithHttpResponse = (activity, response) => options.DescribeRequest?.Invoke(activity, response.HttpContext);
                })
                .AddHttpClientInstrumentation(client =>
                {
                    client.FilterHttpRequestMessage = _ => IsPartOfTrace(Activity.Current);
                    client.EnrichWithHttpRequestMessage = (activity, request) => activity.SetTag("url.full", WithoutPath(request.RequestUri));
                })
                .AddSource([.. options.Sources]));

        if (!string.IsNullOrWhiteSpace(builder.Configuration[OtlpEndpoint]))
        {
            openTelemetry.UseOtlpExporter();
        }
    }

    /// <summary>A path can hold an id, or whatever a client of ours wrote there; the host and port say who was called.</summary>
    private static string? WithoutPath(Uri? uri) => uri?.GetLeftPart(UriPartial.Authority);

    /// <summary>Calls that belong to no request (health probes every few seconds, token refreshes) would bury the requests.</summary>
    private static bool IsPartOfTrace(Activity? client) => client is { HasRemoteParent: true } or { Parent: not null };
}
