using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace VllmSecure.ServiceDefaults;

/// <summary>What a service adds to the shared defaults: its own telemetry, and its say about the spans of its requests.</summary>
public sealed class ServiceDefaultsOptions
{
    /// <summary>Names of the service's own meters.</summary>
    public IReadOnlyList<string> Meters { get; set; } = [];

    /// <summary>Names of instruments, of ASP.NET Core or HttpClient, that nobody is to pay for: they are not even switched on.</summary>
    public IReadOnlyList<string> IgnoredInstruments { get; set; } = [];

    /// <summary>Names of the service's own activity sources, and of libraries that have some.</summary>
    public IReadOnlyList<string> Sources { get; set; } = [];

    /// <summary>
    /// Which incoming requests get a span; null: all. Asked before any middleware runs, so only what the server itself
    /// knows (the connection's features, the request line and headers) can decide.
    /// </summary>
    public Func<HttpContext, bool>? TraceRequest { get; set; }

    /// <summary>
    /// Has the last word on the span of a request, after the response: ASP.NET Core's instrumentation has by then named
    /// it after the route and written the path and the user agent into it.
    /// </summary>
    public Action<Activity, HttpContext>? DescribeRequest { get; set; }
}
