using System.Text.Json;
using VllmSecure.Simulator.Endpoints.Generation;
using VllmSecure.Simulator.Engine;
using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator.Endpoints.Chat;

/// <summary>Writes chat completions, whole or in chunks, with the members that vLLM sends.</summary>
internal sealed class ChatAnswer(Exchange exchange, ChatRequest request)
{
    private readonly string _id = exchange.NewId("chatcmpl-");
    private readonly string _toolId = "chatcmpl-tool-" + exchange.Server.NewId();
    private readonly long _created = exchange.Server.UnixTime;
    private int _sent;

    public void Count() => _sent++;

    /// <summary>vLLM puts the finish reason on the last token's chunk where the length ended it; an end-of-text token has no text.</summary>
    public bool EndsWithLastToken(int choice) => request.Plan.Choices[choice].FinishReason is "length";

    public void WriteFirst(Utf8JsonWriter json, int choice)
    {
        StartChunk(json, choice);
        json.WriteStartObject("delta");
        json.WriteString("role", "assistant");
        json.WriteString("content", string.Empty);
        json.WriteEndObject();
        json.WriteNull("logprobs");
        json.WriteNull("finish_reason");
        EndChunk(json);
    }

    public void WriteDelta(Utf8JsonWriter json, EngineToken token, bool ends)
    {
        StartChunk(json, token.Choice);
        json.WriteStartObject("delta");
        WritePiece(json, token.Piece);
        json.WriteEndObject();
        Logprobs.Write(json, request.Logprobs && token.Piece.Kind == PieceKind.Content ? [token.Piece] : null);
        WriteEnd(json, ends ? request.Plan.Choices[token.Choice] : null);
        EndChunk(json);
    }

    public void WriteFinish(Utf8JsonWriter json, int choice)
    {
        StartChunk(json, choice);
        json.WriteStartObject("delta");
        if (request.Plan.Choices[choice].FinishReason is not "tool_calls")
        {
            json.WriteString("content", string.Empty);
        }

        json.WriteEndObject();
        json.WriteNull("logprobs");
        WriteEnd(json, request.Plan.Choices[choice]);
        EndChunk(json);
    }

    public void WriteUsage(Utf8JsonWriter json)
    {
        Start(json, "chat.completion.chunk");
        json.WriteStartArray("choices");
        json.WriteEndArray();
        Usage.Write(json, exchange, _sent);
        json.WriteEndObject();
    }

    public void WriteWhole(Utf8JsonWriter json)
    {
        Start(json, "chat.completion");
        json.WriteStartArray("choices");
        for (var index = 0; index < request.Plan.Choices.Count; index++)
        {
            WriteChoice(json, index, request.Plan.Choices[index]);
        }

        json.WriteEndArray();
        json.WriteNull("service_tier");
        json.WriteNull("system_fingerprint");
        Usage.Write(json, exchange, request.Plan.Choices.Sum(choice => choice.Pieces.Count));
        json.WriteNull("prompt_logprobs");
        json.WriteNull("prompt_token_ids");
        json.WriteNull("kv_transfer_params");
        json.WriteEndObject();
    }

    private static void WriteEnd(Utf8JsonWriter json, ChoicePlan? ended)
    {
        json.WriteString("finish_reason", ended?.FinishReason);
        if (ended is not null)
        {
            json.WriteString("stop_reason", ended.StopReason);
        }

        json.WriteNull("token_ids");
    }

    private void WritePiece(Utf8JsonWriter json, Piece piece)
    {
        switch (piece.Kind)
        {
            case PieceKind.Content:
                Json.WriteText(json, "content", piece.Text);
                break;
            case PieceKind.Reasoning:
                Json.WriteText(json, "reasoning", piece.Text);
                break;
            case PieceKind.ToolName:
                json.WriteStartArray("tool_calls");
                WriteToolCall(json, piece.Text, string.Empty);
                json.WriteEndArray();
                break;
            case PieceKind.ToolArguments:
                json.WriteStartArray("tool_calls");
                WriteToolCall(json, name: null, piece.Text);
                json.WriteEndArray();
                break;
        }
    }

    private void WriteToolCall(Utf8JsonWriter json, string? name, string arguments, bool whole = false)
    {
        json.WriteStartObject();
        if (name is not null)
        {
            json.WriteString("id", _toolId);
            json.WriteString("type", "function");
        }

        if (!whole)
        {
            json.WriteNumber("index", 0);
        }

        json.WriteStartObject("function");
        if (name is not null)
        {
            json.WriteString("name", name);
        }

        Json.WriteText(json, "arguments", arguments);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteChoice(Utf8JsonWriter json, int index, ChoicePlan choice)
    {
        var name = choice.Text(PieceKind.ToolName);
        var reasoning = choice.Text(PieceKind.Reasoning);
        json.WriteStartObject();
        json.WriteNumber("index", index);
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        Json.WriteText(json, "content", name.Length > 0 ? null : choice.Text(PieceKind.Content));
        json.WriteNull("refusal");
        json.WriteNull("annotations");
        json.WriteNull("audio");
        json.WriteNull("function_call");
        json.WriteStartArray("tool_calls");
        if (name.Length > 0)
        {
            WriteToolCall(json, name, choice.Text(PieceKind.ToolArguments), whole: true);
        }

        json.WriteEndArray();
        Json.WriteText(json, "reasoning", reasoning.Length > 0 ? reasoning : null);
        json.WriteEndObject();
        Logprobs.Write(json, request.Logprobs ? choice.Pieces.Where(piece => piece.Kind == PieceKind.Content) : null);
        json.WriteString("finish_reason", choice.FinishReason);
        json.WriteString("stop_reason", choice.StopReason);
        json.WriteNull("token_ids");
        json.WriteEndObject();
    }

    private void StartChunk(Utf8JsonWriter json, int choice)
    {
        Start(json, "chat.completion.chunk");
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", choice);
    }

    private void EndChunk(Utf8JsonWriter json)
    {
        json.WriteEndObject();
        json.WriteEndArray();
        if (request.Stream.ContinuousUsage)
        {
            Usage.Write(json, exchange, _sent, details: false);
        }

        json.WriteEndObject();
    }

    private void Start(Utf8JsonWriter json, string type)
    {
        json.WriteStartObject();
        json.WriteString("id", _id);
        json.WriteString("object", type);
        json.WriteNumber("created", _created);
        json.WriteString("model", request.Model);
    }
}
