using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging.Testing;
using VllmSecure.Proxy.AccessLog;

namespace VllmSecure.Proxy.Tests.AccessLog;

public sealed class AccessLogSinkTests : IDisposable
{
    private readonly Meter _meter = new("test");
    private readonly FakeLogger _logger = new();
    private readonly RecordingTarget _target = new();
    private readonly MetricCollector<long> _dropped;
    private readonly Counter<long> _counter;

    public AccessLogSinkTests()
    {
        _counter = _meter.CreateCounter<long>("dropped");
        _dropped = new MetricCollector<long>(_counter);
    }

    [Fact]
    public async Task Offer_SlowTarget_DropsWhatDoesNotFitAndCountsIt()
    {
        var started = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        _target.BeforeWrite = () =>
        {
            started.TrySetResult();
            return release.Task;
        };
        var sink = Sink(queueLength: 2);
        var running = sink.RunAsync(CancellationToken.None);
        sink.Offer("being written"u8.ToArray());
        await started.Task.WaitAsync(TimeSpan.FromSeconds(30));

        sink.Offer("1"u8.ToArray());
        sink.Offer("2"u8.ToArray());
        sink.Offer("dropped"u8.ToArray());
        sink.Offer("dropped"u8.ToArray());
        release.SetResult();
        sink.Complete();
        await running.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal("being written", await _target.NextAsync());
        Assert.Equal("1", await _target.NextAsync());
        Assert.Equal("2", await _target.NextAsync());
        Assert.Equal(0, _target.Waiting);
        Assert.Equal(2, Dropped());
        Assert.Equal("recording", _dropped.LastMeasurement!.Tags["vllm_secure.sink"]);
    }

    [Fact]
    public async Task Run_TargetFailsForAWhile_CountsSaysSoOnceAndGoesOn()
    {
        var writes = 0;
        _target.BeforeWrite = () => ++writes is 2 or 3 ? throw new IOException("disk full") : Task.CompletedTask;
        var sink = Sink(queueLength: 10);
        foreach (var line in new[] { "1", "2", "3", "4" })
        {
            sink.Offer(System.Text.Encoding.UTF8.GetBytes(line));
        }

        sink.Complete();
        await sink.RunAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal("1", await _target.NextAsync());
        Assert.Equal("4", await _target.NextAsync());
        Assert.Equal(2, Dropped());
        Assert.Equal(["AccessLogFailed", "AccessLogRecovered"], _logger.Collector.GetSnapshot().Select(record => record.Id.Name));
    }

    [Fact]
    public async Task Run_Stopped_WritesWhatWaits()
    {
        var sink = Sink(queueLength: 10);
        sink.Offer("last words"u8.ToArray());
        sink.Complete();

        await sink.RunAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal("last words", await _target.NextAsync());
        sink.Offer("too late"u8.ToArray());
        Assert.Equal(1, Dropped());
    }

    public void Dispose()
    {
        _dropped.Dispose();
        _meter.Dispose();
    }

    private AccessLogSink Sink(int queueLength) => new(_target, queueLength, _counter, _logger);

    private long Dropped() => _dropped.GetMeasurementSnapshot().Sum(measurement => measurement.Value);
}
