using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using VllmSecure.Proxy.Tls;
using VllmSecure.Proxy.Tls.Serving;

namespace VllmSecure.Proxy.Tests.Tls.Serving;

public sealed class CertificateHostTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _clock = new(TestCertificates.Start);
    private readonly CertificateStore _store = new(Options.Create(new TlsOptions()));

    [Fact]
    public async Task Start_Source_IsLoadedFirstAndWatchedOnceTheListenersAreOpen()
    {
        var source = new Source(_store);
        using var host = Create(source, out var services);
        await using var _ = services;
        await host.StartingAsync(default);
        Assert.Single(_store.Certificates);
        await host.StartAsync(default);
        Assert.False(source.Watched.Task.IsCompleted);

        await host.StartedAsync(default);
        await source.Watched.Task.WaitAsync(Guard);
        await host.StopAsync(default).WaitAsync(Guard);
    }

    [Fact]
    public async Task TwelveHours_TlsContexts_AreNew()
    {
        var source = new Source(_store);
        using var host = Create(source, out var services);
        await using var _ = services;
        await host.StartingAsync(default);
        await host.StartAsync(default);
        await host.StartedAsync(default);
        await source.Watched.Task.WaitAsync(Guard);
        var before = _store.Certificates[0];
        _clock.Advance(CertificateHost.ContextLifetime - TimeSpan.FromSeconds(1));
        Assert.Same(before, _store.Certificates[0]);

        _clock.Advance(TimeSpan.FromSeconds(1));
        using var guard = new CancellationTokenSource(Guard);
        while (ReferenceEquals(before, _store.Certificates[0]) && !guard.IsCancellationRequested)
        {
            // Yielding, not blocking: the host may go on where this test runs.
            await Task.Yield();
        }

        Assert.NotSame(before, _store.Certificates[0]);
        Assert.Same(before.Certificate, _store.Certificates[0].Certificate);
        await host.StopAsync(default).WaitAsync(Guard);
    }

    private CertificateHost Create(Source source, out ServiceProvider services)
    {
        services = new ServiceCollection().AddMetrics().AddSingleton<ICertificateSource>(source).BuildServiceProvider();
        var metrics = new CertificateMetrics(services.GetRequiredService<IMeterFactory>(), services, _clock);
        return new CertificateHost(services, _store, metrics, _clock, new FakeLogger<CertificateHost>());
    }

    private sealed class Source(CertificateStore store) : ICertificateSource
    {
        public TaskCompletionSource Watched { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task LoadAsync(CancellationToken cancellationToken)
        {
            store.Replace([TestCertificates.Create("llm.example")]);
            return Task.CompletedTask;
        }

        public Task WatchAsync(CancellationToken stopping)
        {
            Watched.SetResult();
            return Task.CompletedTask;
        }

        public IReadOnlyList<CertificateStatus> Describe() => store.Describe();
    }
}
