using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using VllmSecure.ServiceDefaults;

namespace VllmSecure.Proxy.Telemetry;

internal static class TelemetryExtensions
{
    /// <summary>YARP's own activity source: the span of one forwarding.</summary>
    private const string YarpSource = "Yarp.ReverseProxy";

    /// <summary>The service defaults with the proxy's metrics and spans. Only requests for inference get a span.</summary>
    public static WebApplicationBuilder AddTelemetry(this WebApplicationBuilder builder)
    {
        LoggingDefaults.AddTo(builder.Configuration);
        var services = builder.Services;
        services.AddOptions<TelemetryOptions>().BindConfiguration(TelemetryOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TelemetryOptions>, TelemetryOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<KnownModels>();
        services.AddSingleton<ModelNames>();
        services.AddSingleton<RequestMetrics>();
        services.AddSingleton<RequestSpan>();
        services.AddSingleton(ChoosePropagator);
        return builder.AddServiceDefaults(defaults =>
        {
            defaults.Meters = [TelemetryNames.Meter];
            defaults.IgnoredInstruments = HttpConventions.RepeatedInstruments;
            defaults.Sources = [TelemetryNames.ActivitySource, YarpSource];
        });
    }

    /// <summary>Metrics and trace context of each request. Outside of the errors, so that the outcome is settled.</summary>
    public static IApplicationBuilder UseTelemetry(this IApplicationBuilder app) => app.UseMiddleware<TelemetryMiddleware>();

    /// <summary>Health, metrics and status, for the management listener.</summary>
    public static void MapManagement(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapDefaultEndpoints();
        endpoints.MapMethods(StatusEndpoint.Path, [HttpMethods.Get], StatusEndpoint.HandleAsync).DisableHttpMetrics();
    }

    private static DistributedContextPropagator ChoosePropagator(IServiceProvider services)
    {
        var usual = DistributedContextPropagator.Current;
        return services.GetRequiredService<IOptions<TelemetryOptions>>().Value.TrustClientTraceContext
            ? usual
            : new UntrustedTracePropagator(usual);
    }
}
