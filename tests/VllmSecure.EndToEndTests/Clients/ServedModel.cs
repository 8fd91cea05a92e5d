using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Simulator;

namespace VllmSecure.EndToEndTests.Clients;

/// <summary>A simulated vLLM behind the real proxy, over HTTPS with a local CA.</summary>
public sealed class ServedModel : IAsyncLifetime
{
    public const string Name = "Qwen/Qwen3-0.6B";

    private SimulatedVllm? _vllm;
    private ProxyUnderTest? _proxy;

    /// <summary>Whether its queue is full: a request is answered 503.</summary>
    public bool Busy { get; init; }

    internal ProxyUnderTest Proxy => _proxy!;

    internal RequestJournal Journal => _vllm!.Journal;

    /// <summary>What a client is given as its base URL.</summary>
    internal Uri Endpoint => new(Proxy.Addresses.Https, "v1");

    internal string CertificateAuthorityFile => Proxy.Addresses.CertificateAuthorityFile!;

    public async ValueTask InitializeAsync()
    {
        var options = new SimulatorOptions { Models = [Name] };
        if (Busy)
        {
            (options.MaxRunningSequences, options.MaxQueuedRequests) = (0, 0);
        }

        _vllm = await SimulatedVllm.StartAsync(options);
        _proxy = await ProxyUnderTest.StartAsync(_vllm.Address);
    }

    public async ValueTask DisposeAsync()
    {
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        if (_vllm is not null)
        {
            await _vllm.DisposeAsync();
        }
    }
}
