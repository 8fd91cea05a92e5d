using System.Text.Json;
using VllmSecure.Simulator.Endpoints.Generation;
using VllmSecure.Simulator.Engine;
using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator.Endpoints.Responses;

/// <summary>What is read of a request of OpenAI's Responses API.</summary>
internal sealed record ResponsesRequest(string Model, GenerationPlan Plan, bool Stream, bool Store, JsonElement Body)
{
    public static ResponsesRequest Read(Exchange exchange)
    {
        var body = exchange.ReadJson();
        var model = exchange.ReadModel(body);
        var input = Json.Member(body, "input") ?? throw ApiException.BadRequest("Field required: input", "input");
        var items = input.ValueKind == JsonValueKind.Array ? input.EnumerateArray().ToList() : [];
        var tokens = input.ValueKind == JsonValueKind.Array
            ? items.SelectMany(item => PromptReader.Tokens(Json.Member(item, "content") ?? Json.Member(item, "output")))
            : PromptReader.Tokens(input);
        IReadOnlyList<string> prompt = [.. PromptReader.Tokens(Json.Member(body, "instructions")), .. tokens];
        var asked = input.ValueKind == JsonValueKind.String
            ? Json.Text(input).Contains(Tools.Trigger, StringComparison.OrdinalIgnoreCase)
            : PromptReader.LastUserMessageContains(items, Tools.Trigger);
        var sampling = new Sampling
        {
            MaxTokens = SamplingReader.Positive(body, "max_output_tokens"),
            Reasoning = Json.Member(body, "reasoning") is { } reasoning && Json.String(reasoning, "effort") is not (null or "none"),
            Tool = Tools.Choose(body, asked),
        };
        return new ResponsesRequest(
            model,
            PlanBuilder.Build(exchange, body, [prompt], sampling),
            Json.Flag(body, "stream"),
            Json.Member(body, "store") is null || Json.Flag(body, "store"),
            body);
    }
}
