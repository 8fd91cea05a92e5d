using System.Text;
using System.Text.Json;
using VllmSecure.Simulator.Engine;
using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator.Endpoints.Chat;

/// <summary>
/// Decides on a tool call: when <c>tool_choice</c> forces one, or when the last message is the user's and contains
/// "call the tool". The arguments fill the tool's schema.
/// </summary>
internal static class Tools
{
    private const string Trigger = "call the tool";

    public static ToolCall? Choose(JsonElement body)
    {
        var tools = Json.Items(body, "tools").Select(Function).ToList();
        var choice = Json.Member(body, "tool_choice");
        if (tools.Count == 0 || choice is { ValueKind: JsonValueKind.String } none && none.GetString() is "none")
        {
            return null;
        }

        if (choice is { ValueKind: JsonValueKind.Object } named)
        {
            var name = Json.String(Function(named), "name");
            var tool = tools.Find(candidate => string.Equals(Json.String(candidate, "name"), name, StringComparison.Ordinal));
            return tool.ValueKind == JsonValueKind.Object ? Call(tool) : throw ApiException.BadRequest("The tool specified in `tool_choice` does not match any of the specified `tools`", "tool_choice");
        }

        return choice is { ValueKind: JsonValueKind.String } word && word.GetString() is "required" or "any" || UserAsks(body) ? Call(tools[0]) : null;
    }

    public static ToolCall Call(JsonElement tool)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Json.WriterOptions))
        {
            WriteValue(json, Json.Member(tool, "parameters") ?? Json.Member(tool, "input_schema"), isRoot: true);
        }

        return new ToolCall(Json.String(tool, "name") ?? "unnamed", Encoding.UTF8.GetString(buffer.ToArray()));
    }

    public static bool UserAsks(JsonElement body)
    {
        var last = Json.Items(body, "messages").LastOrDefault();
        return last.ValueKind == JsonValueKind.Object && Json.String(last, "role") is "user"
            && Messages.Text(last).Contains(Trigger, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Chat completions nest a function; the other APIs do not.</summary>
    private static JsonElement Function(JsonElement tool) => Json.Member(tool, "function") ?? tool;

    private static void WriteValue(Utf8JsonWriter json, JsonElement? schema, bool isRoot = false)
    {
        if (schema is { } constrained && Json.Items(constrained, "enum").FirstOrDefault() is { ValueKind: not JsonValueKind.Undefined } first)
        {
            first.WriteTo(json);
            return;
        }

        switch (isRoot ? "object" : schema is { } typed && Json.Member(typed, "type") is { ValueKind: JsonValueKind.String } type ? type.GetString() : "string")
        {
            case "object":
                json.WriteStartObject();
                foreach (var property in Properties(schema))
                {
                    json.WritePropertyName(property.Name);
                    WriteValue(json, property.Value);
                }

                json.WriteEndObject();
                break;
            case "integer" or "number":
                json.WriteNumberValue(7);
                break;
            case "boolean":
                json.WriteBooleanValue(true);
                break;
            case "array":
                json.WriteStartArray();
                json.WriteEndArray();
                break;
            default:
                json.WriteStringValue("Zürich");
                break;
        }
    }

    private static JsonElement.ObjectEnumerator Properties(JsonElement? schema) =>
        schema is { } known && Json.Member(known, "properties") is { ValueKind: JsonValueKind.Object } properties ? properties.EnumerateObject() : default;
}
