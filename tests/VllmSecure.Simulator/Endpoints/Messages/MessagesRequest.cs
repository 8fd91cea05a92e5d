using VllmSecure.Simulator.Endpoints.Generation;
using VllmSecure.Simulator.Engine;
using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator.Endpoints.Messages;

/// <summary>What is read of a request of Anthropic's Messages API.</summary>
internal sealed record MessagesRequest(string Model, GenerationPlan Plan, bool Stream)
{
    public static MessagesRequest Read(Exchange exchange, bool counting)
    {
        var body = exchange.ReadJson();
        var model = exchange.ReadModel(body);
        IReadOnlyList<string> prompt = [.. PromptReader.Tokens(Json.Member(body, "system")), .. PromptReader.Messages(body)];
        var maxTokens = SamplingReader.Positive(body, "max_tokens");
        if (maxTokens is null && !counting)
        {
            throw ApiException.BadRequest("Field required: max_tokens", "max_tokens");
        }

        var asked = PromptReader.LastUserMessageContains(Json.Items(body, "messages"), Tools.Trigger);
        var sampling = new Sampling
        {
            MaxTokens = maxTokens,
            Stop = Json.Strings(body, "stop_sequences"),
            Tool = Tools.Choose(body, asked),
            Reasoning = Json.Member(body, "thinking") is { } thinking && Json.String(thinking, "type") == "enabled",
        };
        return new MessagesRequest(model, PlanBuilder.Build(exchange, body, [prompt], sampling), Json.Flag(body, "stream"));
    }
}
