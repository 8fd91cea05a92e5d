using System.Globalization;
using System.Text.Json;
using VllmSecure.Simulator.Engine;
using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator.Endpoints.Completions;

/// <summary>What is read of a completion request.</summary>
internal sealed record CompletionsRequest(string Model, GenerationPlan Plan, StreamOptions Stream, bool Echo, int ChoicesPerPrompt)
{
    public static CompletionsRequest Read(Exchange exchange)
    {
        var body = exchange.ReadJson();
        var model = exchange.ReadModel(body);
        var sampling = SamplingReader.Read(body);
        // OpenAI's default of this API, which vLLM keeps: 16 tokens.
        sampling = sampling with { MaxTokens = sampling.MaxTokens ?? 16 };
        return new CompletionsRequest(
            model, PlanBuilder.Build(exchange, body, Prompts(body), sampling), StreamOptions.Read(body), Json.Flag(body, "echo"), sampling.Choices);
    }

    /// <summary>A text, token ids, or a list of either.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Prompts(JsonElement body, string member = "prompt") => Json.Member(body, member) switch
    {
        { ValueKind: JsonValueKind.String } text => [SimulatedTokenizer.Split(text.GetString()!)],
        { ValueKind: JsonValueKind.Array } list when list.GetArrayLength() > 0 =>
            list[0].ValueKind == JsonValueKind.Number ? [Ids(list)] : [.. list.EnumerateArray().Select(Prompt)],
        _ => throw ApiException.BadRequest($"Field required: {member}", member),
    };

    private static IReadOnlyList<string> Prompt(JsonElement item) => item.ValueKind switch
    {
        JsonValueKind.String => SimulatedTokenizer.Split(item.GetString()!),
        JsonValueKind.Array => Ids(item),
        _ => throw ApiException.BadRequest("Input should be a valid string or a list of integers: prompt", "prompt"),
    };

    private static List<string> Ids(JsonElement list) =>
        [.. list.EnumerateArray().Select(id => id.TryGetInt64(out var number)
            ? Vocabulary.Text(number) ?? number.ToString(CultureInfo.InvariantCulture)
            : throw ApiException.BadRequest("Input should be a valid integer: prompt", "prompt"))];
}
