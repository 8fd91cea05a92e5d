using System.Collections.Frozen;

namespace VllmSecure.Proxy.Telemetry;

/// <summary>OpenTelemetry's HTTP attributes that the proxy sets, or takes out again.</summary>
internal static class HttpConventions
{
    public const string UrlPath = "url.path";
    public const string Route = "http.route";
    public const string StatusCode = "http.response.status_code";

    /// <summary>The conventions' word for a method, or anything else, that is none of the known ones.</summary>
    public const string Other = "_OTHER";

    /// <summary>Attributes of ASP.NET Core's instrumentation whose values are not the client's own words.</summary>
    public static FrozenSet<string> Harmless { get; } =
        new[] { "http.request.method", "url.scheme", "network.protocol.version", StatusCode, "error.type" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>
    /// Instruments of the framework that say what ours say (requests in flight, here and at each server) or nothing (routes are
    /// matched by our own table; no request waits for a connection). They were eleven of a request's measurements.
    /// </summary>
    public static IReadOnlyList<string> RepeatedInstruments { get; } =
    [
        "http.server.active_requests", "http.client.active_requests", "http.client.open_connections", "http.client.request.time_in_queue",
        "aspnetcore.routing.match_attempts",
    ];

    private static readonly FrozenSet<string> Methods =
        new[] { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The method if it is one of HTTP's: a client may send any word as one.</summary>
    public static string Method(string method) => Methods.TryGetValue(method, out var known) ? known : Other;
}
