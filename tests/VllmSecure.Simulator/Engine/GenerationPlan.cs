namespace VllmSecure.Simulator.Engine;

/// <summary>One request as the engine sees it: prompts that fill the cache, choices to be spoken in step.</summary>
internal sealed record GenerationPlan(IReadOnlyList<IReadOnlyList<string>> Prompts, IReadOnlyList<ChoicePlan> Choices, string CacheSalt)
{
    public int PromptTokens { get; } = Prompts.Sum(prompt => prompt.Count);
}
