using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests;

/// <summary>The proxy looks at its upstreams at start, from the inside: the paths are closed to clients.</summary>
public sealed class AdvisoriesTests
{
    [Fact]
    public async Task Start_AsksTheUpstreamForItsReleaseAndRoutes()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address, new Dictionary<string, string?> { ["Advisories:CheckUpstreams"] = "true" });

        await vllm.Journal.WaitForAsync(request => request.Path == "/version").WaitAsync(TimeSpan.FromSeconds(30));
        await vllm.Journal.WaitForAsync(request => request.Path == "/openapi.json").WaitAsync(TimeSpan.FromSeconds(30));
    }
}
