using VllmSecure.Proxy.Tls.Handshake;

namespace VllmSecure.Proxy.Tls.Serving;

/// <summary>Runs the certificate source: a certificate is there before the listeners open, and is kept fresh after.</summary>
internal sealed partial class CertificateHost(
    IServiceProvider services, CertificateStore store, CertificateMetrics metrics, TimeProvider clock, ILogger<CertificateHost> logger) : BackgroundService, IHostedLifecycleService
{
    /// <summary>The life of ticket keys: who gets one can decrypt the early data and resumptions of no more than this.</summary>
    public static readonly TimeSpan ContextLifetime = TimeSpan.FromHours(12);

    // Held for its instruments, which nobody else asks for.
    private readonly CertificateMetrics _metrics = metrics;
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Not a constructor argument: hosted services are created before the options that choose the source are validated.
    private ICertificateSource Source => services.GetRequiredService<ICertificateSource>();

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        LogKeyExchange();
        await Source.LoadAsync(cancellationToken);
        foreach (var serving in store.Certificates)
        {
            var certificate = serving.Certificate;
            Log.Loaded(logger, string.Join(", ", certificate.Names), certificate.Origin, certificate.NotAfter);
        }
    }

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _listening.TrySetResult();
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(WatchSourceAsync(stoppingToken), RenewContextsAsync(stoppingToken));

    private void LogKeyExchange()
    {
        var (isOffered, library) = PostQuantum.Describe();
        if (isOffered is { } offered)
        {
            Log.KeyExchange(logger, library, offered ? "is offered" : "is not there");
        }
    }

    private async Task WatchSourceAsync(CancellationToken stopping)
    {
        try
        {
            // A CA that validates before the listeners are open would find nobody.
            await _listening.Task.WaitAsync(stopping);
            await Source.WatchAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The proxy stops.
        }
    }

    private async Task RenewContextsAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(ContextLifetime, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                store.RenewContexts();
            }
        }
        catch (OperationCanceledException)
        {
            // The proxy stops.
        }
    }
}
