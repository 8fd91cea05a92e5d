using VllmSecure.Simulator.Metrics;

namespace VllmSecure.Simulator.Engine;

/// <summary>The engine behind the endpoints: admits requests and paces their tokens.</summary>
internal sealed class InferenceEngine(SimulatorOptions options)
{
    private int _blocksInUse;

    public SimulatorOptions Options { get; } = options;

    public Scheduler Scheduler { get; } = new(options);

    public PrefixCache PrefixCache { get; } = new(options);

    public EngineMetrics Metrics { get; } = new();

    /// <summary>Share of the KV cache that running requests hold, 0 to 1.</summary>
    public double KvCacheUsage => Math.Min(1, (double)Volatile.Read(ref _blocksInUse) / Math.Max(1, Options.PrefixCacheBlocks));

    /// <summary><see langword="null"/> when the queue is full.</summary>
    public Sequence? TryAdmit(GenerationPlan plan, RecordedRequest record)
    {
        record.PromptTokens = plan.PromptTokens;
        var ticket = Scheduler.TryEnter();
        return ticket is null ? null : new Sequence(this, ticket, plan, record);
    }

    internal void HoldBlocks(int change) => Interlocked.Add(ref _blocksInUse, change);
}
