using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace VllmSecure.IntegrationTests.Harness;

/// <summary>An exporter's place in the pipeline: sees each finished span as a dashboard would get it.</summary>
internal sealed class SpanRecorder : BaseProcessor<Activity>
{
    private readonly ConcurrentQueue<Activity> _all = new();
    private readonly Channel<Activity> _servers = Channel.CreateUnbounded<Activity>();

    public IReadOnlyList<Activity> All => [.. _all];

    public void AddTo(WebApplicationBuilder builder) =>
        builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddProcessor(this));

    public override void OnEnd(Activity data)
    {
        if (!data.ActivityTraceFlags.HasFlag(ActivityTraceFlags.Recorded))
        {
            return;
        }

        _all.Enqueue(data);
        if (data.OperationName == "Microsoft.AspNetCore.Hosting.HttpRequestIn")
        {
            _servers.Writer.TryWrite(data);
        }
    }

    /// <summary>The span of the next request; it ends a moment after its response.</summary>
    public async Task<Activity> NextRequestAsync() =>
        await _servers.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
}
