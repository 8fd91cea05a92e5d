using System.Text.Json;

namespace VllmSecure.Proxy.AccessLog;

/// <summary>A field of the access log: its JSON name, and how its value is written.</summary>
internal sealed record AccessLogField(string Name, Action<Utf8JsonWriter, AccessLogEntry> WriteValue)
{
    public JsonEncodedText EncodedName { get; } = JsonEncodedText.Encode(Name);
}
