using VllmSecure.Simulator.Endpoints.Generation;
using VllmSecure.Simulator.Engine;
using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator.Endpoints.Chat;

/// <summary>What is read of a chat completion request.</summary>
internal sealed record ChatRequest(string Model, GenerationPlan Plan, StreamOptions Stream, bool Logprobs)
{
    public static ChatRequest Read(Exchange exchange)
    {
        var body = exchange.ReadJson();
        var model = exchange.ReadModel(body);
        var prompt = PromptReader.Messages(body);
        var asked = PromptReader.LastUserMessageContains(Json.Items(body, "messages"), Tools.Trigger);
        var sampling = SamplingReader.Read(body) with
        {
            MaxTokens = SamplingReader.Positive(body, "max_completion_tokens") ?? SamplingReader.Positive(body, "max_tokens"),
            Reasoning = Json.Member(body, "chat_template_kwargs") is { } kwargs && Json.Flag(kwargs, "enable_thinking"),
            Tool = Tools.Choose(body, asked),
        };
        return new ChatRequest(
            model, PlanBuilder.Build(exchange, body, [prompt], sampling), StreamOptions.Read(body), Json.Flag(body, "logprobs"));
    }
}
