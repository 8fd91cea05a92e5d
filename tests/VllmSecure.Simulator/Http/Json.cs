using System.Text.Encodings.Web;
using System.Text.Json;

namespace VllmSecure.Simulator.Http;

/// <summary>Reads request members as vLLM's validation does: a wrong type is a 400 that names the member.</summary>
internal static class Json
{
    /// <summary>Text as raw UTF-8, as Python's servers write it: escapes would hide faults in handling multi-byte characters.</summary>
    public static JsonWriterOptions WriterOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonElement? Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static string? String(JsonElement parent, string name) => Member(parent, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        _ => throw ApiException.BadRequest($"Input should be a valid string: {name}", name),
    };

    public static int? Int(JsonElement parent, string name) => Member(parent, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt32(out var number) => number,
        _ => throw ApiException.BadRequest($"Input should be a valid integer: {name}", name),
    };

    public static bool Flag(JsonElement parent, string name) => Member(parent, name) switch
    {
        null => false,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw ApiException.BadRequest($"Input should be a valid boolean: {name}", name),
    };

    /// <summary>A string or a list of strings, as <c>stop</c> and <c>input</c> may be.</summary>
    public static IReadOnlyList<string> Strings(JsonElement parent, string name) => Member(parent, name) switch
    {
        null => [],
        { ValueKind: JsonValueKind.String } value => [value.GetString()!],
        { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) =>
            [.. list.EnumerateArray().Select(item => item.GetString()!)],
        _ => throw ApiException.BadRequest($"Input should be a valid string or a list of strings: {name}", name),
    };

    public static IEnumerable<JsonElement> Items(JsonElement parent, string name) => Member(parent, name) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } list => list.EnumerateArray(),
        _ => throw ApiException.BadRequest($"Input should be a valid list: {name}", name),
    };
}
