using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace VllmSecure.Simulator.Http;

/// <summary>
/// Reads request members as vLLM's validation does (a wrong type is a 400 that names the member), and writes text as
/// Python's servers do.
/// </summary>
internal static class Json
{
    /// <summary>Python's parser has no limit of its own; its recursion limit is 1000.</summary>
    public static JsonDocumentOptions ReaderOptions { get; } = new() { MaxDepth = 1000 };

    /// <summary>Text as raw UTF-8, as Python's servers write it: escapes would hide faults in handling multi-byte characters.</summary>
    public static JsonWriterOptions WriterOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A string's value; JSON can escape half a surrogate pair, which is no text.</summary>
    public static string Text(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw ApiException.Framework(StatusCodes.Status400BadRequest, "JSON decode error");
        }
    }

    public static JsonElement? Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static string? String(JsonElement parent, string name) => Member(parent, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => Text(value),
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
        { ValueKind: JsonValueKind.String } value => [Text(value)],
        { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) =>
            [.. list.EnumerateArray().Select(item => Text(item))],
        _ => throw ApiException.BadRequest($"Input should be a valid string or a list of strings: {name}", name),
    };

    public static IEnumerable<JsonElement> Items(JsonElement parent, string name) => Member(parent, name) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } list => list.EnumerateArray(),
        _ => throw ApiException.BadRequest($"Input should be a valid list: {name}", name),
    };

    /// <summary>Text as raw UTF-8 throughout: .NET's encoders escape what takes four bytes, such as emoji, and vLLM does not.</summary>
    public static void WriteText(Utf8JsonWriter json, string name, string? text)
    {
        if (text is null || !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            json.WriteString(name, text);
            return;
        }

        json.WritePropertyName(name);
        json.WriteRawValue(Quote(text), skipInputValidation: true);
    }

    private static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 8).Append('"');
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '"' or '\\' => quoted.Append('\\').Append((char)rune.Value),
                < ' ' => quoted.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
                _ => quoted.Append(rune.ToString()),
            };
        }

        return quoted.Append('"').ToString();
    }
}
