using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests.Routing;

/// <summary>Several simulated servers and a proxy before them; upstreams are called s0, s1 …</summary>
internal sealed class SimulatedFleet : IAsyncDisposable
{
    private SimulatedFleet(SimulatedVllm[] servers, ProxyUnderTest proxy)
    {
        Servers = servers;
        Proxy = proxy;
    }

    public SimulatedVllm[] Servers { get; }

    public ProxyUnderTest Proxy { get; }

    public static Task<SimulatedFleet> StartAsync(int count, params (string Key, string Value)[] settings) =>
        StartAsync([.. Enumerable.Range(0, count).Select(_ => new SimulatorOptions { Models = [ChatRequests.Model] })], settings);

    public static async Task<SimulatedFleet> StartAsync(SimulatorOptions[] options, params (string Key, string Value)[] settings)
    {
        var servers = await Task.WhenAll(options.Select(option => SimulatedVllm.StartAsync(option)));
        var configuration = servers
            .Select((server, i) => KeyValuePair.Create<string, string?>($"Upstreams:s{i}:Address", server.Address.ToString()))
            .Concat(settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value)));
        return new SimulatedFleet(servers, await ProxyUnderTest.StartAsync(settings: configuration));
    }

    /// <summary>The inference requests that a server got.</summary>
    public IReadOnlyList<RecordedRequest> Received(int server) =>
        [.. Servers[server].Journal.Requests.Where(request => request.Method == "POST")];

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        foreach (var server in Servers)
        {
            await server.DisposeAsync();
        }
    }
}
