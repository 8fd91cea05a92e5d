namespace VllmSecure.Proxy.Telemetry;

/// <summary>Names of the proxy's meters and activity sources: what a collector subscribes to.</summary>
internal static class TelemetryNames
{
    /// <summary>The meter of every instrument of the proxy.</summary>
    public const string Meter = "VllmSecure.Proxy";

    /// <summary>The activity source of the proxy's own spans.</summary>
    public const string ActivitySource = "VllmSecure.Proxy";
}
