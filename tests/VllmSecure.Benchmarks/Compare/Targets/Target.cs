using VllmSecure.Benchmarks.Compare.Load;

namespace VllmSecure.Benchmarks.Compare.Targets;

/// <summary>Something that answers requests, and what it costs.</summary>
internal sealed class Target : IDisposable
{
    private readonly ITargetSetup? _setup;
    private readonly TargetPlace? _place;
    private ChildProcess? _process;
    private readonly int? _upstreamProcess;

    public Target(ITargetSetup setup, TargetPlace place)
    {
        (Id, Title, Port) = (setup.Id, setup.Title!, place.Port);
        (_setup, _place) = (setup, place);
    }

    /// <summary>The upstream itself, over TLS.</summary>
    public Target(int port, int process)
    {
        (Id, Title, Port) = ("direct", "direct, no proxy", port);
        _upstreamProcess = process;
    }

    public string Id { get; }

    public string Title { get; }

    public int Port { get; }

    public bool IsDirect => _setup is null;

    private int ProcessId => _upstreamProcess ?? _process!.Id;

    public double CpuMicroseconds() => ProcessTree.CpuMicroseconds(ProcessId);

    public double ResidentKibibytes() => ProcessTree.ResidentKibibytes(ProcessId);

    /// <summary>Starts it anew and waits until it accepts connections.</summary>
    /// <returns>The instant of the start.</returns>
    /// <exception cref="InvalidOperationException">It has ended, or does not listen.</exception>
    public async Task<long> StartAsync()
    {
        var giveUp = TimeSpan.FromSeconds(20);
        Dispose();
        while (await Ports.IsOpenAsync(Port))
        {
            // A worker of the run before that is still ending.
            await Clock.DelayAsync(TimeSpan.FromMilliseconds(10));
        }

        var command = Pinning.OnProxyCore(_setup!.Prepare(_place!));
        var log = Path.Combine(_place!.Folder, "output.log");
        var start = Clock.Now;
        _process = ChildProcess.Start(command, log, _setup.Environment(_place));
        while (!await Ports.IsOpenAsync(Port))
        {
            if (_process.HasExited || Clock.Since(start) > giveUp)
            {
                throw new InvalidOperationException($"{Title} does not start: {await File.ReadAllTextAsync(log)}");
            }

            await Clock.DelayAsync(TimeSpan.FromMilliseconds(2));
        }

        return start;
    }

    public void Dispose()
    {
        _process?.Dispose();
        _process = null;
    }
}
