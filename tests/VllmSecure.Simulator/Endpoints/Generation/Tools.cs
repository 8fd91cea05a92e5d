using System.Text;
using System.Text.Json;
using VllmSecure.Simulator.Engine;
using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator.Endpoints.Generation;

/// <summary>
/// Decides on a tool call: when <c>tool_choice</c> forces one, or when the last message is the user's and contains
/// "call the tool". The arguments fill the tool's schema.
/// </summary>
internal static class Tools
{
    public const string Trigger = "call the tool";

    /// <param name="body">The request; all APIs call the members <c>tools</c> and <c>tool_choice</c>.</param>
    /// <param name="asked">Whether the user's last words ask for it.</param>
    public static ToolCall? Choose(JsonElement body, bool asked)
    {
        var tools = Json.Items(body, "tools").Select(Function).ToList();
        if (tools.Count == 0)
        {
            return null;
        }

        var (mode, name) = Choice(Json.Member(body, "tool_choice"));
        if (name is not null)
        {
            var tool = tools.Find(candidate => Json.String(candidate, "name") == name);
            return tool.ValueKind == JsonValueKind.Object
                ? Call(tool)
                : throw ApiException.BadRequest("The tool named in tool_choice is not among the tools.", "tool_choice");
        }

        return mode is "required" or "any" || (mode is not "none" && asked) ? Call(tools[0]) : null;
    }

    /// <summary>A word, or an object that names a function (in three ways) or, in the Messages API, has the word as its type.</summary>
    private static (string? Mode, string? Name) Choice(JsonElement? choice) => choice switch
    {
        { ValueKind: JsonValueKind.String } word => (Json.Text(word), null),
        { ValueKind: JsonValueKind.Object } named => (Json.String(named, "type"), Json.String(Function(named), "name")),
        _ => ("auto", null),
    };

    /// <summary>Chat completions nest a function; the other APIs do not.</summary>
    private static JsonElement Function(JsonElement tool) => Json.Member(tool, "function") ?? tool;

    private static ToolCall Call(JsonElement tool)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Json.WriterOptions))
        {
            WriteObject(json, Json.Member(tool, "parameters") ?? Json.Member(tool, "input_schema"));
        }

        return new ToolCall(Json.String(tool, "name") ?? "unnamed", Encoding.UTF8.GetString(buffer.ToArray()));
    }

    private static void WriteObject(Utf8JsonWriter json, JsonElement? schema)
    {
        json.WriteStartObject();
        if (schema is { } known && Json.Member(known, "properties") is { ValueKind: JsonValueKind.Object } properties)
        {
            foreach (var property in properties.EnumerateObject())
            {
                json.WritePropertyName(property.Name);
                WriteValue(json, property.Value);
            }
        }

        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, JsonElement schema)
    {
        if (Json.Items(schema, "enum").FirstOrDefault() is { ValueKind: not JsonValueKind.Undefined } first)
        {
            first.WriteTo(json);
            return;
        }

        switch (Json.Member(schema, "type") is { ValueKind: JsonValueKind.String } type ? Json.Text(type) : null)
        {
            case "object":
                WriteObject(json, schema);
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
}
