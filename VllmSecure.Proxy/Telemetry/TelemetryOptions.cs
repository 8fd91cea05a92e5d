namespace VllmSecure.Proxy.Telemetry;

/// <summary><c>Telemetry</c>: what the proxy takes over from, and gives to, the outside.</summary>
internal sealed class TelemetryOptions
{
    public const string Section = "Telemetry";

    /// <summary>
    /// Continue the trace of a client's W3C <c>traceparent</c>. Off: each request is a trace of its own with a link to the
    /// client's, since a stranger could else choose trace ids and the sampling of every service behind the proxy.
    /// </summary>
    public bool TrustClientTraceContext { get; set; }
}
