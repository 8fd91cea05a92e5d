using System.Text.Json;
using VllmSecure.Simulator.Engine;
using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator.Endpoints.Messages;

/// <summary>Writes messages of Anthropic's API, whole or as events.</summary>
internal sealed class MessagesAnswer(Exchange exchange, MessagesRequest request)
{
    // vLLM makes a message out of a chat completion, and keeps its id.
    private readonly string _id = exchange.NewId("chatcmpl-");
    private readonly string _toolId = "chatcmpl-tool-" + exchange.Server.NewId();

    private ChoicePlan Choice => request.Plan.Choices[0];

    public static string BlockOf(PieceKind kind) => kind switch
    {
        PieceKind.Reasoning => "thinking",
        PieceKind.Content => "text",
        _ => "tool_use",
    };

    public static void WriteError(Utf8JsonWriter json, ApiException error)
    {
        json.WriteStartObject();
        json.WriteString("type", "error");
        json.WriteStartObject("error");
        json.WriteString("type", "internal_error");
        json.WriteString("message", error.Message);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static void WriteBlockStop(Utf8JsonWriter json, int index)
    {
        json.WriteStartObject();
        json.WriteString("type", "content_block_stop");
        json.WriteNumber("index", index);
        json.WriteEndObject();
    }

    public static void WriteStop(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "message_stop");
        json.WriteEndObject();
    }

    public static void WriteBlockDelta(Utf8JsonWriter json, int index, Piece piece)
    {
        var (type, member) = piece.Kind switch
        {
            PieceKind.Reasoning => ("thinking_delta", "thinking"),
            PieceKind.Content => ("text_delta", "text"),
            _ => ("input_json_delta", "partial_json"),
        };
        json.WriteStartObject();
        json.WriteString("type", "content_block_delta");
        json.WriteNumber("index", index);
        json.WriteStartObject("delta");
        json.WriteString("type", type);
        Json.WriteText(json, member, piece.Text);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public void WriteStart(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "message_start");
        json.WriteStartObject("message");
        WriteHead(json);
        json.WriteStartArray("content");
        json.WriteEndArray();
        json.WriteNull("stop_reason");
        json.WriteNull("stop_sequence");
        WriteUsage(json, outputTokens: 0);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public void WriteBlockStart(Utf8JsonWriter json, int index, PieceKind kind)
    {
        json.WriteStartObject();
        json.WriteString("type", "content_block_start");
        json.WriteNumber("index", index);
        json.WritePropertyName("content_block");
        WriteBlock(json, BlockOf(kind), whole: false);
        json.WriteEndObject();
    }

    public void WriteEnd(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "message_delta");
        json.WriteStartObject("delta");
        json.WriteString("stop_reason", StopReason());
        json.WriteEndObject();
        WriteUsage(json, Choice.Pieces.Count);
        json.WriteEndObject();
    }

    public void WriteWhole(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        WriteHead(json);
        json.WriteStartArray("content");
        foreach (var block in Choice.Pieces.Select(piece => BlockOf(piece.Kind)).Distinct(StringComparer.Ordinal))
        {
            WriteBlock(json, block, whole: true);
        }

        json.WriteEndArray();
        json.WriteString("stop_reason", StopReason());
        WriteUsage(json, Choice.Pieces.Count);
        json.WriteEndObject();
    }

    private string StopReason() => Choice.FinishReason switch
    {
        "length" => "max_tokens",
        "tool_calls" => "tool_use",
        _ => "end_turn",
    };

    private void WriteHead(Utf8JsonWriter json)
    {
        json.WriteString("id", _id);
        json.WriteString("type", "message");
        json.WriteString("role", "assistant");
        json.WriteString("model", request.Model);
    }

    private void WriteBlock(Utf8JsonWriter json, string block, bool whole)
    {
        json.WriteStartObject();
        json.WriteString("type", block);
        switch (block)
        {
            case "thinking":
                Json.WriteText(json, "thinking", whole ? Choice.Text(PieceKind.Reasoning) : string.Empty);
                break;
            case "text":
                Json.WriteText(json, "text", whole ? Choice.Text(PieceKind.Content) : string.Empty);
                break;
            default:
                json.WriteString("id", _toolId);
                json.WriteString("name", Choice.Text(PieceKind.ToolName));
                json.WritePropertyName("input");
                json.WriteRawValue(whole && Choice.FinishReason == "tool_calls" ? Choice.Text(PieceKind.ToolArguments) : "{}");
                break;
        }

        json.WriteEndObject();
    }

    private void WriteUsage(Utf8JsonWriter json, int outputTokens)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("input_tokens", exchange.Record.PromptTokens);
        json.WriteNumber("output_tokens", outputTokens);
        json.WriteEndObject();
    }
}
