using VllmSecure.Proxy.Exchange;
using VllmSecure.ServiceDefaults;

namespace VllmSecure.Proxy.Telemetry;

internal static class TelemetryExtensions
{
    /// <summary>YARP's own activity source: the span of one forwarding.</summary>
    private const string YarpSource = "Yarp.ReverseProxy";

    /// <summary>The service defaults with the proxy's meter and spans. Only requests for inference get a span.</summary>
    public static WebApplicationBuilder AddTelemetry(this WebApplicationBuilder builder) => builder.AddServiceDefaults(defaults =>
    {
        defaults.Meters = [TelemetryNames.Meter];
        defaults.Sources = [TelemetryNames.ActivitySource, YarpSource];
        defaults.TraceRequest = context => context.Features.Get<ListenerFeature>()?.Role == ListenerRole.Inference;
    });
}
