using VllmSecure.Simulator.Endpoints.Generation;
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
        var plan = PlanBuilder.Build(exchange, body, TokenInputs.Read(body, "prompt"), sampling);
        return new CompletionsRequest(model, plan, StreamOptions.Read(body), Json.Flag(body, "echo"), sampling.Choices);
    }
}
