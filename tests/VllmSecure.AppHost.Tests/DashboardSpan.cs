using System.Text.Json;

namespace VllmSecure.AppHost.Tests;

/// <summary>A span, as the dashboard's API gives it (OTLP as JSON).</summary>
/// <param name="TraceId">The trace.</param>
/// <param name="SpanId">The span.</param>
/// <param name="ParentSpanId">Its parent; empty for the first.</param>
/// <param name="Kind">2 is a server's, 3 a client's.</param>
/// <param name="Attributes">The values that are strings.</param>
public sealed record DashboardSpan(string TraceId, string SpanId, string ParentSpanId, int Kind, IReadOnlyDictionary<string, string> Attributes)
{
    public const int Server = 2;
    public const int Client = 3;

    /// <summary>Reads one line of the API's stream, which has any number of spans.</summary>
    public static IEnumerable<DashboardSpan> Parse(string line)
    {
        using var message = JsonDocument.Parse(line);
        foreach (var resource in message.RootElement.GetProperty("resourceSpans").EnumerateArray())
        {
            foreach (var scope in resource.GetProperty("scopeSpans").EnumerateArray())
            {
                foreach (var span in scope.GetProperty("spans").EnumerateArray())
                {
                    yield return new DashboardSpan(
                        Text(span, "traceId"), Text(span, "spanId"), Text(span, "parentSpanId"), span.GetProperty("kind").GetInt32(), AttributesOf(span));
                }
            }
        }
    }

    private static string Text(JsonElement span, string name) => span.TryGetProperty(name, out var value) ? value.GetString() ?? string.Empty : string.Empty;

    private static Dictionary<string, string> AttributesOf(JsonElement span) => span.TryGetProperty("attributes", out var attributes)
        ? attributes.EnumerateArray().ToDictionary(
            attribute => attribute.GetProperty("key").GetString()!,
            attribute => attribute.GetProperty("value").TryGetProperty("stringValue", out var value) ? value.GetString() ?? string.Empty : string.Empty)
        : [];
}
