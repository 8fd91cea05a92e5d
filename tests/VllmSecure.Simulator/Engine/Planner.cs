namespace VllmSecure.Simulator.Engine;

/// <summary>Decides what is said: from seed and prompt alone, so that a test can ask twice and compare.</summary>
internal static class Planner
{
    public static ChoicePlan Plan(SimulatorOptions options, IReadOnlyList<string> prompt, Sampling sampling, int choice)
    {
        var room = Math.Max(0, options.MaxModelLength - prompt.Count);
        var limit = Math.Min(room, sampling.MaxTokens ?? room);
        var wanted = sampling.IgnoreEndOfText ? limit : Math.Max(options.OutputTokens, sampling.MinTokens);
        var seed = Seed(options, prompt, sampling, choice);
        var spoken = sampling.Tool is { } tool ? Call(tool) : Speak(seed, wanted, sampling.Reasoning, options.OnlyWord);
        var pieces = spoken.Take(limit).ToList();
        var reason = spoken.Count > limit || (sampling.IgnoreEndOfText && spoken.Count == limit) ? "length"
            : sampling.Tool is null ? "stop" : "tool_calls";
        return sampling.Tool is null && StopStrings.Cut(pieces, sampling.Stop) is { } cut ? cut : new ChoicePlan(pieces, reason, null);
    }

    private static List<Piece> Call(ToolCall tool) =>
    [
        new Piece(PieceKind.ToolName, tool.Name),
        .. SimulatedTokenizer.Split(tool.Arguments).Select(text => new Piece(PieceKind.ToolArguments, text)),
    ];

    private static List<Piece> Speak(ulong seed, int tokens, bool reasoning, string? onlyWord)
    {
        // Half of a reasoning model's output is reasoning: enough of both for a test to see the change from one to the other.
        var thought = reasoning ? tokens / 2 : 0;
        return
        [
            .. TextSource.Tokens(seed ^ 1, onlyWord).Take(thought).Select(text => new Piece(PieceKind.Reasoning, text)),
            .. TextSource.Tokens(seed, onlyWord).Take(tokens - thought).Select(text => new Piece(PieceKind.Content, text)),
        ];
    }

    private static ulong Seed(SimulatorOptions options, IReadOnlyList<string> prompt, Sampling sampling, int choice)
    {
        var seed = StableHash.Add(StableHash.Start, options.Seed);
        seed = StableHash.Add(seed, sampling.Seed ?? 0);
        seed = StableHash.Add(seed, choice);
        return prompt.Aggregate(seed, (hash, token) => StableHash.Add(hash, token));
    }
}
