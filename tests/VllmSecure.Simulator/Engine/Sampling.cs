namespace VllmSecure.Simulator.Engine;

/// <summary>What a request asks of the text to be generated.</summary>
internal sealed record Sampling
{
    public int Choices { get; init; } = 1;

    /// <summary>Upper bound of tokens a choice; <see langword="null"/>: as many as the context has left.</summary>
    public int? MaxTokens { get; init; }

    public int MinTokens { get; init; }

    /// <summary>Goes on until <see cref="MaxTokens"/>, as benchmarks ask for.</summary>
    public bool IgnoreEndOfText { get; init; }

    public IReadOnlyList<string> Stop { get; init; } = [];

    public bool Reasoning { get; init; }

    /// <summary>The tool to call instead of an answer.</summary>
    public ToolCall? Tool { get; init; }

    public long? Seed { get; init; }
}
