using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.AccessLog;
using VllmSecure.Proxy.Tests.Telemetry;

namespace VllmSecure.Proxy.Tests.AccessLog;

public sealed class AccessLogWriterTests
{
    /// <summary>As a write to a pipe that nobody reads: a system call, which no cancellation ends.</summary>
    [Fact]
    public async Task Stop_TargetThatNeverComesBack_EndsWithTheHostsTime()
    {
        var started = new TaskCompletionSource();
        using var read = new ManualResetEventSlim();
        var target = new RecordingTarget
        {
            BeforeWrite = () =>
            {
                started.TrySetResult();
                read.Wait(CancellationToken.None);
                return Task.CompletedTask;
            },
        };
        var options = Options.Create(new AccessLogOptions());
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var writer = new AccessLogWriter(
            new AccessLogFormatter(options), [target], options, services.GetRequiredService<IMeterFactory>(), NullLogger<AccessLogWriter>.Instance);
        using var sample = new SampleExchange();
        sample.Streamed();
        await writer.StartAsync(CancellationToken.None);
        writer.Write(AccessLogEntry.Of(sample.Context, sample.Names, sample.Clock));
        await started.Task.WaitAsync(TimeSpan.FromSeconds(30));

        using var patience = new CancellationTokenSource();
        var stopping = writer.StopAsync(patience.Token);
        Assert.False(stopping.IsCompleted);
        await patience.CancelAsync();

        await stopping.WaitAsync(TimeSpan.FromSeconds(30));
        read.Set();
    }
}
