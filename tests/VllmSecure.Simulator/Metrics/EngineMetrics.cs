using System.Collections.Concurrent;

namespace VllmSecure.Simulator.Metrics;

/// <summary>What the engine has counted since it started. Bucket bounds are vLLM's (v1/metrics/loggers.py).</summary>
internal sealed class EngineMetrics
{
    private static readonly double[] RequestBounds = [0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680];

    private long _promptTokens;
    private long _cachedTokens;
    private long _generatedTokens;

    public long PromptTokens => Interlocked.Read(ref _promptTokens);

    public long CachedTokens => Interlocked.Read(ref _cachedTokens);

    public long GeneratedTokens => Interlocked.Read(ref _generatedTokens);

    public ConcurrentDictionary<string, long> Finished { get; } = new(StringComparer.Ordinal)
    {
        ["stop"] = 0,
        ["length"] = 0,
        ["abort"] = 0,
        ["error"] = 0,
    };

    public Histogram TimeToFirstToken { get; } = new(
        [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640, 2560]);

    public Histogram InterTokenLatency { get; } = new(
        [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80]);

    public Histogram EndToEnd { get; } = new(RequestBounds);

    public Histogram QueueTime { get; } = new(RequestBounds);

    public void CountPrompt(int tokens, int cached)
    {
        Interlocked.Add(ref _promptTokens, tokens);
        Interlocked.Add(ref _cachedTokens, cached);
    }

    public void CountGenerated() => Interlocked.Increment(ref _generatedTokens);

    /// <summary>The engine knows no tool calls: to it they ended with a stop.</summary>
    public void CountSuccess(string finishReason) =>
        Finished.AddOrUpdate(finishReason is "tool_calls" ? "stop" : finishReason, 1, (_, count) => count + 1);
}
