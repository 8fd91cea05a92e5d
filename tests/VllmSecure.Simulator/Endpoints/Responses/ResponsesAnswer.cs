using System.Text.Json;
using VllmSecure.Simulator.Engine;
using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator.Endpoints.Responses;

/// <summary>Writes response objects and their output items.</summary>
internal sealed class ResponsesAnswer(Exchange exchange, ResponsesRequest request)
{
    private readonly long _created = exchange.Server.UnixTime;
    private readonly string _itemId = exchange.Server.NewId();

    public string Id { get; } = exchange.NewId("resp_");

    public ChoicePlan Choice => request.Plan.Choices[0];

    public static void WriteError(Utf8JsonWriter json, ApiException error)
    {
        json.WriteStartObject();
        json.WriteString("type", "error");
        json.WriteString("code", error.Type);
        json.WriteString("message", error.Message);
        json.WriteNull("param");
        json.WriteNumber("sequence_number", -1);
        json.WriteEndObject();
    }

    public static string ItemOf(PieceKind kind) => kind switch
    {
        PieceKind.Reasoning => "reasoning",
        PieceKind.Content => "message",
        _ => "function_call",
    };

    public string ItemId(string item) => item switch
    {
        "reasoning" => "rs_" + _itemId,
        "message" => "msg_" + _itemId,
        _ => "fc_" + _itemId,
    };

    public void WriteWhole(Utf8JsonWriter json) => WriteResponse(json, finished: true);

    public void WriteResponse(Utf8JsonWriter json, bool finished)
    {
        var length = finished && Choice.FinishReason == "length";
        json.WriteStartObject();
        json.WriteString("id", Id);
        json.WriteNumber("created_at", _created);
        json.WritePropertyName("incomplete_details");
        if (length)
        {
            json.WriteStartObject();
            json.WriteString("reason", "max_output_tokens");
            json.WriteEndObject();
        }
        else
        {
            json.WriteNullValue();
        }

        WriteEcho(json, "instructions", "null");
        WriteEcho(json, "metadata", "null");
        json.WriteString("model", request.Model);
        json.WriteString("object", "response");
        json.WriteStartArray("output");
        foreach (var item in finished ? Choice.Pieces.Select(piece => ItemOf(piece.Kind)).Distinct(StringComparer.Ordinal) : [])
        {
            WriteItem(json, item, finished: true);
        }

        json.WriteEndArray();
        WriteEcho(json, "parallel_tool_calls", "true");
        WriteEcho(json, "temperature", "1.0");
        WriteEcho(json, "tool_choice", "\"auto\"");
        WriteEcho(json, "tools", "[]");
        WriteEcho(json, "top_p", "1.0");
        json.WriteBoolean("background", value: false);
        json.WriteNumber("max_output_tokens", Json.Int(request.Body, "max_output_tokens") ?? exchange.Options.MaxModelLength - exchange.Record.PromptTokens);
        WriteEcho(json, "previous_response_id", "null");
        WriteEcho(json, "reasoning", "null");
        json.WriteString("service_tier", "auto");
        json.WriteString("status", !finished ? "in_progress" : length ? "incomplete" : "completed");
        WriteEcho(json, "text", "null");
        WriteEcho(json, "truncation", "\"disabled\"");
        WriteUsage(json, finished);
        WriteEcho(json, "user", "null");
        json.WriteEndObject();
    }

    public void WriteItem(Utf8JsonWriter json, string item, bool finished)
    {
        json.WriteStartObject();
        json.WriteString("id", ItemId(item));
        json.WriteString("type", item);
        json.WriteString("status", finished ? "completed" : "in_progress");
        switch (item)
        {
            case "function_call":
                json.WriteString("call_id", "call_" + _itemId);
                json.WriteString("name", Choice.Text(PieceKind.ToolName));
                Json.WriteText(json, "arguments", finished ? Choice.Text(PieceKind.ToolArguments) : string.Empty);
                break;
            case "reasoning":
                json.WriteStartArray("summary");
                json.WriteEndArray();
                WriteContent(json, item, finished);
                break;
            default:
                json.WriteString("role", "assistant");
                WriteContent(json, item, finished);
                break;
        }

        json.WriteEndObject();
    }

    public void WritePart(Utf8JsonWriter json, string item, bool finished)
    {
        var reasoning = item == "reasoning";
        json.WriteStartObject();
        json.WriteString("type", reasoning ? "reasoning_text" : "output_text");
        Json.WriteText(json, "text", finished ? Choice.Text(reasoning ? PieceKind.Reasoning : PieceKind.Content) : string.Empty);
        if (!reasoning)
        {
            json.WriteStartArray("annotations");
            json.WriteEndArray();
            json.WriteStartArray("logprobs");
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private void WriteContent(Utf8JsonWriter json, string item, bool finished)
    {
        json.WriteStartArray("content");
        if (finished)
        {
            WritePart(json, item, finished: true);
        }

        json.WriteEndArray();
    }

    private void WriteEcho(Utf8JsonWriter json, string name, string fallback)
    {
        json.WritePropertyName(name);
        if (Json.Member(request.Body, name) is { } value)
        {
            value.WriteTo(json);
        }
        else
        {
            json.WriteRawValue(fallback);
        }
    }

    private void WriteUsage(Utf8JsonWriter json, bool finished)
    {
        if (!finished)
        {
            json.WriteNull("usage");
            return;
        }

        var record = exchange.Record;
        json.WriteStartObject("usage");
        json.WriteNumber("input_tokens", record.PromptTokens);
        json.WriteStartObject("input_tokens_details");
        json.WriteNumber("cached_tokens", record.CachedPromptTokens);
        json.WriteEndObject();
        json.WriteNumber("output_tokens", Choice.Pieces.Count);
        json.WriteStartObject("output_tokens_details");
        json.WriteNumber("reasoning_tokens", Choice.Pieces.Count(piece => piece.Kind == PieceKind.Reasoning));
        json.WriteEndObject();
        json.WriteNumber("total_tokens", record.PromptTokens + Choice.Pieces.Count);
        json.WriteEndObject();
    }
}
