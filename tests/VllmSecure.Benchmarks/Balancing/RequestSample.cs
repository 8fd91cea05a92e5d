namespace VllmSecure.Benchmarks.Balancing;

/// <summary>One request as its client saw it.</summary>
internal sealed record RequestSample(TimeSpan FirstToken, int Tokens, string Text);
