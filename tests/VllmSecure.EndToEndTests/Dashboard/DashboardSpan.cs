using System.Text.Json;

namespace VllmSecure.EndToEndTests.Dashboard;

/// <summary>A span as the dashboard's API gives it out (OTLP as JSON).</summary>
internal sealed record DashboardSpan(string TraceId, string SpanId, string? ParentSpanId, string Name, string Service)
{
    private readonly Dictionary<string, string> _attributes = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Events { get; private init; } = [];

    public string? Attribute(string name) => _attributes.GetValueOrDefault(name);

    /// <summary>Every span below <c>resourceSpans</c>, wherever that is in the document.</summary>
    public static IReadOnlyList<DashboardSpan> ReadAll(JsonElement json) =>
    [
        .. from resource in Below(json, "resourceSpans")
           let service = Attributes(resource.GetProperty("resource")).GetValueOrDefault("service.name", "")
           from span in Below(resource, "spans")
           select Read(span, service),
    ];

    private static DashboardSpan Read(JsonElement span, string service)
    {
        var read = new DashboardSpan(
            span.GetProperty("traceId").GetString()!,
            span.GetProperty("spanId").GetString()!,
            span.TryGetProperty("parentSpanId", out var parent) ? parent.GetString() : null,
            span.GetProperty("name").GetString()!,
            service)
        {
            Events = span.TryGetProperty("events", out var events) ? [.. events.EnumerateArray().Select(item => item.GetProperty("name").GetString()!)] : [],
        };
        foreach (var (name, value) in Attributes(span))
        {
            read._attributes[name] = value;
        }

        return read;
    }

    private static Dictionary<string, string> Attributes(JsonElement owner)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        if (owner.TryGetProperty("attributes", out var attributes))
        {
            foreach (var attribute in attributes.EnumerateArray())
            {
                var value = attribute.GetProperty("value").EnumerateObject().FirstOrDefault().Value;
                values[attribute.GetProperty("key").GetString()!] = value.ToString();
            }
        }

        return values;
    }

    private static IEnumerable<JsonElement> Below(JsonElement element, string name) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property =>
            property.NameEquals(name) && property.Value.ValueKind == JsonValueKind.Array ? property.Value.EnumerateArray() : Below(property.Value, name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(item => Below(item, name)),
        _ => [],
    };
}
