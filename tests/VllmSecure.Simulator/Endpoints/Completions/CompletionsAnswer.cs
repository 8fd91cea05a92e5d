using System.Text.Json;
using VllmSecure.Simulator.Endpoints.Generation;
using VllmSecure.Simulator.Engine;
using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator.Endpoints.Completions;

/// <summary>Writes text completions, whole or in chunks.</summary>
internal sealed class CompletionsAnswer(Exchange exchange, CompletionsRequest request)
{
    private readonly string _id = exchange.NewId("cmpl-");
    private readonly long _created = exchange.Server.UnixTime;
    private int _sent;

    public void Count() => _sent++;

    public string Prompt(int choice) => string.Concat(request.Plan.Prompts[choice / request.ChoicesPerPrompt]);

    public void WriteChunk(Utf8JsonWriter json, int choice, string text, ChoicePlan? ended)
    {
        Start(json);
        json.WriteStartArray("choices");
        WriteChoice(json, choice, text, ended);
        json.WriteEndArray();
        if (request.Stream.ContinuousUsage)
        {
            Usage.Write(json, exchange, _sent, details: false);
        }

        json.WriteEndObject();
    }

    public void WriteUsage(Utf8JsonWriter json)
    {
        Start(json);
        json.WriteStartArray("choices");
        json.WriteEndArray();
        Usage.Write(json, exchange, _sent);
        json.WriteEndObject();
    }

    public void WriteWhole(Utf8JsonWriter json)
    {
        Start(json);
        json.WriteStartArray("choices");
        for (var index = 0; index < request.Plan.Choices.Count; index++)
        {
            var choice = request.Plan.Choices[index];
            WriteChoice(json, index, (request.Echo ? Prompt(index) : string.Empty) + choice.Text(PieceKind.Content), choice);
        }

        json.WriteEndArray();
        json.WriteNull("service_tier");
        json.WriteNull("system_fingerprint");
        Usage.Write(json, exchange, request.Plan.Choices.Sum(choice => choice.Pieces.Count));
        json.WriteNull("kv_transfer_params");
        json.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter json, int index, string text, ChoicePlan? ended)
    {
        json.WriteStartObject();
        json.WriteNumber("index", index);
        Json.WriteText(json, "text", text);
        json.WriteNull("logprobs");
        json.WriteString("finish_reason", ended?.FinishReason);
        json.WriteString("stop_reason", ended?.StopReason);
        json.WriteNull("token_ids");
        json.WriteNull("prompt_logprobs");
        json.WriteNull("prompt_token_ids");
        json.WriteEndObject();
    }

    private void Start(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id", _id);
        json.WriteString("object", "text_completion");
        json.WriteNumber("created", _created);
        json.WriteString("model", request.Model);
    }
}
