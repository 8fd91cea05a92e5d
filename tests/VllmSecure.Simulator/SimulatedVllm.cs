using System.Net;
using System.Net.Sockets;
using VllmSecure.Simulator.Hosting;
using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator;

/// <summary>
/// A simulated <c>vllm serve</c> on a real socket: its endpoints, wire format, scheduling and faults, without a model.
/// HTTP/1.1 only, as vLLM's front end.
/// </summary>
public sealed class SimulatedVllm : IAsyncDisposable
{
    private readonly SemaphoreSlim _lifecycle = new(1, 1);
    private readonly IPEndPoint _endpoint;
    private Socket? _reserved;
    private WebApplication? _app;
    private ServerContext? _server;
    private CancellationTokenSource _loading = new();
    private bool _disposed;

    private SimulatedVllm(SimulatorOptions options)
    {
        Options = options;
        Journal = new RequestJournal(options);
        _reserved = ListenSocket.Bind(ListenSocket.Parse(options.Urls));
        _endpoint = (IPEndPoint)_reserved.LocalEndPoint!;
    }

    /// <summary>Base address, without a path. Loopback where it listens on all interfaces.</summary>
    public Uri Address
    {
        get
        {
            var any = _endpoint.Address.Equals(IPAddress.Any) || _endpoint.Address.Equals(IPAddress.IPv6Any);
            return new Uri($"http://{(any ? new IPEndPoint(IPAddress.Loopback, _endpoint.Port) : _endpoint)}");
        }
    }

    /// <summary>The options it was started with; changing them takes effect.</summary>
    public SimulatorOptions Options { get; }

    /// <summary>What is to go wrong.</summary>
    public FaultPlan Faults { get; } = new();

    /// <summary>What it received, over all restarts.</summary>
    public RequestJournal Journal { get; }

    /// <summary>Completes when it listens; until then (<see cref="SimulatorOptions.LoadTime"/>) connections are refused.</summary>
    public Task Loaded { get; private set; } = Task.CompletedTask;

    /// <summary>Requests running and waiting in the engine now.</summary>
    public (int Running, int Waiting) Load =>
        _server is { } server ? (server.Engine.Scheduler.Running, server.Engine.Scheduler.Waiting) : (0, 0);

    /// <summary>
    /// Starts on loopback and a free port unless <see cref="SimulatorOptions.Urls"/> says otherwise. Returns when it listens, or at
    /// once when there is a <see cref="SimulatorOptions.LoadTime"/>: await <see cref="Loaded"/> then.
    /// </summary>
    public static async Task<SimulatedVllm> StartAsync(SimulatorOptions? options = null, CancellationToken cancellationToken = default)
    {
        var simulator = new SimulatedVllm(options ?? new SimulatorOptions());
        await simulator.LaunchAsync(cancellationToken);
        return simulator;
    }

    /// <summary>Stops at once, as a crash does: requests in flight are cut, further connections refused. The port stays reserved.</summary>
    public async Task StopAsync()
    {
        await _lifecycle.WaitAsync();
        try
        {
            await ShutDownAsync();
            _reserved ??= ListenSocket.Bind(_endpoint);
        }
        finally
        {
            _lifecycle.Release();
        }
    }

    /// <summary>Stops, and starts anew on the same port with an empty cache and zeroed metrics; the load time passes again.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await LaunchAsync(CancellationToken.None);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        // Not while it is starting; nor shall it start after this, which is why the lock is not given back.
        await _loading.CancelAsync();
        await _lifecycle.WaitAsync();
        await ShutDownAsync();
        _reserved?.Dispose();
        _loading.Dispose();
        _lifecycle.Dispose();
    }

    private async Task LaunchAsync(CancellationToken cancellationToken)
    {
        _loading = new CancellationTokenSource();
        Loaded = LoadAsync(_loading.Token);
        if (Options.LoadTime <= TimeSpan.Zero)
        {
            await Loaded.WaitAsync(cancellationToken);
        }
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (Options.LoadTime > TimeSpan.Zero)
        {
            await Task.Delay(Options.LoadTime, Options.TimeProvider, cancellationToken);
        }

        await _lifecycle.WaitAsync(cancellationToken);
        try
        {
            _server = new ServerContext(Options, Faults, Journal);
            _app = SimulatorHost.Build(_server, _reserved!);
            _reserved = null;
            await _app.StartAsync(cancellationToken);
        }
        finally
        {
            _lifecycle.Release();
        }
    }

    private async Task ShutDownAsync()
    {
        await _loading.CancelAsync();
        if (_app is not { } app)
        {
            return;
        }

        _server!.Stopping = true;
        // A token that is cancelled already: Kestrel cuts its connections instead of waiting for them.
        await app.StopAsync(new CancellationToken(canceled: true));
        await app.DisposeAsync();
        _app = null;
    }
}
