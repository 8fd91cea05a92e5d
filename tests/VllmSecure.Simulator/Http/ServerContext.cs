using System.Collections.Concurrent;
using VllmSecure.Simulator.Engine;

namespace VllmSecure.Simulator.Http;

/// <summary>What one start of the simulator shares among its requests; a restart begins anew, as a new process would.</summary>
internal sealed class ServerContext(SimulatorOptions options, FaultPlan faults, RequestJournal journal)
{
    private readonly Lock _gate = new();
    private SeededRandom _ids = new((ulong)options.Seed);
    private int _inFlight;

    public SimulatorOptions Options { get; } = options;

    public FaultPlan Faults { get; } = faults;

    public RequestJournal Journal { get; } = journal;

    public InferenceEngine Engine { get; } = new(options);

    /// <summary>Responses by id, for GET.</summary>
    public ConcurrentDictionary<string, ReadOnlyMemory<byte>> StoredResponses { get; } = new(StringComparer.Ordinal);

    /// <summary>LoRA adapters loaded at run time, served as models: name and path.</summary>
    public ConcurrentDictionary<string, string> Adapters { get; } = new(StringComparer.Ordinal);

    /// <summary>What the operations endpoints have switched, by their paths' subject: sleeping, paused.</summary>
    public ConcurrentDictionary<string, bool> Switches { get; } = new(StringComparer.Ordinal);

    /// <summary>Set when the process is being stopped: what breaks off now is not the clients' doing.</summary>
    public bool Stopping { get; set; }

    /// <summary>Inference requests in flight, as <c>/load</c> tells.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    public long UnixTime => Options.TimeProvider.GetUtcNow().ToUnixTimeSeconds();

    public void CountInFlight(int change) => Interlocked.Add(ref _inFlight, change);

    /// <summary>32 hexadecimal digits, as vLLM's random ids have, from the seed.</summary>
    public string NewId()
    {
        lock (_gate)
        {
            return $"{_ids.Next():x16}{_ids.Next():x16}";
        }
    }
}
