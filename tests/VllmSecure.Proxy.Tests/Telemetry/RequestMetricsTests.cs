using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Telemetry;

namespace VllmSecure.Proxy.Tests.Telemetry;

public sealed class RequestMetricsTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly SampleExchange _sample = new();

    private IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    [Fact]
    public void Completed_StreamedAnswer_RecordsPaceAndTokensExactly()
    {
        using var duration = Collect<double>("gen_ai.server.request.duration");
        using var firstToken = Collect<double>("gen_ai.server.time_to_first_token");
        using var perToken = Collect<double>("gen_ai.server.time_per_output_token");
        using var usage = Collect<long>("gen_ai.client.token.usage");

        Complete(_sample.Streamed().Exchange);

        Assert.Equal(7, Assert.Single(duration.GetMeasurementSnapshot()).Value);
        Assert.Equal(2, Assert.Single(firstToken.GetMeasurementSnapshot()).Value);
        Assert.Equal(1, Assert.Single(perToken.GetMeasurementSnapshot()).Value); // 4 s for the 4 tokens after the first.
        Assert.Equal(
            [("input", 10L), ("output", 5L)],
            usage.GetMeasurementSnapshot().Select(measurement => ((string)measurement.Tags["gen_ai.token.type"]!, measurement.Value)));
    }

    [Fact]
    public void Completed_StreamedAnswer_HasTheAttributesOfTheConventions()
    {
        using var duration = Collect<double>("gen_ai.server.request.duration");

        Complete(_sample.Streamed().Exchange);

        var tags = Assert.Single(duration.GetMeasurementSnapshot()).Tags;
        Assert.Equal(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["gen_ai.operation.name"] = "chat",
                ["gen_ai.provider.name"] = "vllm",
                ["gen_ai.request.model"] = SampleExchange.Model,
                ["gen_ai.response.model"] = SampleExchange.Model,
            },
            tags);
    }

    [Fact]
    public void Completed_UpstreamFailed_SaysSoInErrorType()
    {
        using var duration = Collect<double>("gen_ai.server.request.duration");
        _sample.Exchange.Outcome = ExchangeOutcome.UpstreamFailed;

        Complete(_sample.Exchange, 200);

        Assert.Equal("upstream_failed", Assert.Single(duration.GetMeasurementSnapshot()).Tags["error.type"]);
    }

    [Fact]
    public void Completed_RefusedBeforeTheEndpointWasKnown_CountsARequestAndNoInference()
    {
        using var requests = Collect<long>("vllm_secure.requests");
        using var duration = Collect<double>("gen_ai.server.request.duration");
        using var exchange = new ProxyExchange("req_1", ListenerRole.Inference, 0, CancellationToken.None)
        {
            Outcome = ExchangeOutcome.Refused,
            RefusedBy = "unknown_endpoint",
        };

        Complete(exchange, 404);

        var tags = Assert.Single(requests.GetMeasurementSnapshot()).Tags;
        Assert.Equal("refused", tags["vllm_secure.outcome"]);
        Assert.Equal("unknown_endpoint", tags["vllm_secure.rule"]);
        Assert.Equal(404, tags["http.response.status_code"]);
        Assert.False(tags.ContainsKey("gen_ai.request.model"));
        Assert.Empty(duration.GetMeasurementSnapshot());
    }

    [Fact]
    public void Completed_AnyRequest_CountsByKeyIdOnCountersOnly()
    {
        using var requests = Collect<long>("vllm_secure.requests");
        using var tokens = Collect<long>("vllm_secure.tokens");
        using var usage = Collect<long>("gen_ai.client.token.usage");

        Complete(_sample.Streamed().Exchange);

        Assert.Equal("key-1", Assert.Single(requests.GetMeasurementSnapshot()).Tags["vllm_secure.key_id"]);
        Assert.Equal([10L, 5L, 4L], tokens.GetMeasurementSnapshot().Select(measurement => measurement.Value));
        Assert.All(tokens.GetMeasurementSnapshot(), measurement => Assert.Equal("key-1", measurement.Tags["vllm_secure.key_id"]));
        Assert.All(usage.GetMeasurementSnapshot(), measurement => Assert.False(measurement.Tags.ContainsKey("vllm_secure.key_id")));
    }

    [Fact]
    public void Completed_AnyRequest_CountsBytesBothWays()
    {
        using var bytes = Collect<long>("vllm_secure.body.size");

        Complete(_sample.Streamed().Exchange);
        bytes.RecordObservableInstruments();

        Assert.Equal(
            [("received", 321L), ("sent", 654L)],
            bytes.GetMeasurementSnapshot().Select(measurement => ((string)measurement.Tags["vllm_secure.direction"]!, measurement.Value)));
    }

    [Theory]
    [InlineData(100L, 1L, 1L, 7L, 93L)]
    [InlineData(100L, 3L, 1L, 7L, 293L)]
    [InlineData(100L, 3L, 2L, 7L, 593L)]
    [InlineData(5L, 1L, 1L, 7L, null)]
    [InlineData(null, 1L, 1L, 7L, null)]
    [InlineData(long.MaxValue, long.MaxValue, long.MaxValue, 7L, null)]
    public void Completed_ClientLeft_CountsWhatWasNotGenerated(long? limit, long choices, long prompts, long passed, long? expected)
    {
        using var notGenerated = Collect<long>("vllm_secure.tokens.not_generated");
        _sample.Exchange.Outcome = ExchangeOutcome.ClientLeft;
        _sample.Exchange.Request!.MaxOutputTokens = limit;
        _sample.Exchange.Request!.Choices = choices;
        _sample.Exchange.Request!.Prompts = prompts;
        _sample.Exchange.TokenEvents = passed;

        Complete(_sample.Exchange, status: null);

        Assert.Equal(expected, notGenerated.LastMeasurement?.Value);
    }

    [Fact]
    public void OpenedAndCompleted_Always_BalanceTheGauges()
    {
        using var requests = Collect<long>("vllm_secure.requests.open");
        using var streams = Collect<long>("vllm_secure.streams.open");
        var metrics = new RequestMetrics(Meters, _sample.Names, _sample.Clock);

        metrics.Opened();
        metrics.StreamOpened();
        Observe();
        metrics.StreamClosed();
        metrics.Completed(_sample.Exchange, 200);
        Observe();

        Assert.Equal([1L, 0L], requests.GetMeasurementSnapshot().Select(measurement => measurement.Value));
        Assert.Equal([1L, 0L], streams.GetMeasurementSnapshot().Select(measurement => measurement.Value));

        void Observe()
        {
            requests.RecordObservableInstruments();
            streams.RecordObservableInstruments();
        }
    }

    [Fact]
    public void Instruments_Histograms_CarryTheBucketsOfTheConventionsAndMore()
    {
        var buckets = new Dictionary<string, double[]?>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument is Histogram<double> histogram && ReferenceEquals(instrument.Meter.Scope, Meters))
                {
                    buckets[instrument.Name] = histogram.Advice?.HistogramBucketBoundaries?.ToArray();
                }
            },
        };
        listener.Start();

        _ = new RequestMetrics(Meters, _sample.Names, _sample.Clock);

        Assert.Equal(655.36, buckets["gen_ai.server.request.duration"]![^1]);
        Assert.Equal(120, buckets["gen_ai.server.time_to_first_token"]![^1]);
        Assert.Equal(2.5, buckets["gen_ai.server.time_per_output_token"]![^1]);
        Assert.All(buckets.Values, boundaries => Assert.Equal(boundaries!.Order(), boundaries!));
    }

    public void Dispose()
    {
        _sample.Dispose();
        _services.Dispose();
    }

    private MetricCollector<T> Collect<T>(string name)
        where T : struct => new(Meters, TelemetryNames.Meter, name);

    private void Complete(ProxyExchange exchange, int? status = 200) =>
        new RequestMetrics(Meters, _sample.Names, _sample.Clock).Completed(exchange, status);
}
