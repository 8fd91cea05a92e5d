using System.Collections.Frozen;

namespace VllmSecure.Proxy.Telemetry;

/// <summary>OpenTelemetry's HTTP attributes and instruments.</summary>
internal static class HttpConventions
{
    public const string RequestMethod = "http.request.method";
    public const string UrlScheme = "url.scheme";
    public const string UrlPath = "url.path";
    public const string ProtocolVersion = "network.protocol.version";
    public const string Route = "http.route";
    public const string StatusCode = "http.response.status_code";

    /// <summary>The conventions' word for a method, or anything else, that is none of the known ones.</summary>
    public const string Other = "_OTHER";

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

    /// <summary>The version alone, as the conventions want it; null where the server speaks something else.</summary>
    public static string? Version(string protocol) =>
        HttpProtocol.IsHttp11(protocol) ? "1.1"
        : HttpProtocol.IsHttp2(protocol) ? "2"
        : HttpProtocol.IsHttp3(protocol) ? "3"
        : HttpProtocol.IsHttp10(protocol) ? "1.0"
        : null;
}
