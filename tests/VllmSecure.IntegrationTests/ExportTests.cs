using System.Collections.Concurrent;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.IntegrationTests.Routing;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests;

/// <summary>What leaves by OTLP, and where to.</summary>
[Collection(WholeProcess.Name)]
public sealed class ExportTests
{
    [Fact]
    public async Task Stop_EndpointsOfTheSignalsAlone_EachGetsItsOwn()
    {
        var asked = new ConcurrentDictionary<string, bool>();
        await using var collector = await ScriptedUpstream.StartAsync(path =>
        {
            asked[path.Value!] = true;
            return Task.FromResult<string?>(string.Empty);
        });
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        await using (var proxy = await ProxyUnderTest.StartAsync(
            vllm.Address,
            [
                new("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", $"{collector.Address}/traces"),
                new("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", $"{collector.Address}/metrics"),
                new("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", $"{collector.Address}/logs"),
                new("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ]))
        {
            using var response = await proxy.Client.SendAsync(ChatRequests.Chat());
        }

        Assert.Contains("/traces", asked.Keys);
        Assert.Contains("/metrics", asked.Keys);
    }
}
