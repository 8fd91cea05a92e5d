using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests;

/// <summary>A slow request's bar in a histogram leads to its trace.</summary>
[Collection(WholeProcess.Name)]
public sealed class ExemplarTests
{
    [Theory]
    [InlineData("gen_ai.server.request.duration")]
    [InlineData("gen_ai.server.time_to_first_token")]
    [InlineData("gen_ai.server.time_per_output_token")]
    [InlineData("gen_ai.client.token.usage")]
    public async Task Histogram_OfAStream_PointsToItsTrace(string histogram)
    {
        var spans = new SpanRecorder();
        var exemplars = new ExemplarRecorder();
        await using var vllm = await SimulatedVllm.StartAsync(
            new SimulatorOptions { Models = [ChatRequests.Model], InterTokenLatency = TimeSpan.FromMilliseconds(20) });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address, configure: builder =>
        {
            spans.AddTo(builder);
            exemplars.AddTo(builder);
        });

        using var response = await proxy.Client.SendAsync(ChatRequests.Chat(stream: true, maxTokens: 5));
        await response.Content.ReadAsStringAsync();
        var server = await spans.NextRequestAsync();
        proxy.Services.GetRequiredService<MeterProvider>().ForceFlush();

        Assert.True(exemplars.Has(histogram, server.TraceId));
    }
}
