using System.Diagnostics;

namespace VllmSecure.Proxy.Telemetry;

/// <summary>The trace context that a client sent: linked where it is not continued, and never passed on as it came.</summary>
internal static class ClientTraceContext
{
    private const string TraceParent = "traceparent";

    /// <summary>Without a span of ours, HttpClient would not replace these, and a client would reach into vLLM's trace.</summary>
    private static readonly string[] Headers = [TraceParent, "tracestate", "baggage", "Correlation-Context", "Request-Id"];

    /// <summary>
    /// Takes the headers of trace context off the request and links the span to the client's. Only the two ids: the
    /// client's <c>tracestate</c> may hold any text.
    /// </summary>
    public static void Detach(IHeaderDictionary headers, Activity? span)
    {
        string? traceParent = headers[TraceParent];
        foreach (var name in Headers)
        {
            headers.Remove(name);
        }

        if (span is { IsAllDataRequested: true }
            && ActivityContext.TryParse(traceParent, traceState: null, isRemote: true, out var client)
            && client.TraceId != span.TraceId)
        {
            span.AddLink(new ActivityLink(client));
        }
    }
}
