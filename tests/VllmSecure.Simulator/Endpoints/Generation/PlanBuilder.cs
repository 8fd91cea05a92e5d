using System.Text.Json;
using VllmSecure.Simulator.Engine;
using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator.Endpoints.Generation;

/// <summary>From a request to what the engine will do.</summary>
internal static class PlanBuilder
{
    /// <summary>Choices are in order of prompts, <c>n</c> of each.</summary>
    public static GenerationPlan Build(Exchange exchange, JsonElement body, IReadOnlyList<IReadOnlyList<string>> prompts, Sampling sampling)
    {
        var choices = prompts.SelectMany(prompt =>
            Enumerable.Range(0, sampling.Choices).Select(choice => Planner.Plan(exchange.Options, prompt, sampling, choice)));
        return new GenerationPlan(prompts, [.. choices], Json.String(body, "cache_salt") ?? string.Empty);
    }
}
