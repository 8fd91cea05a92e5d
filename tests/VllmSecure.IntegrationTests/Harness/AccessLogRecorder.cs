using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using VllmSecure.Proxy.AccessLog;

namespace VllmSecure.IntegrationTests.Harness;

/// <summary>A sink of the access log that a test reads line by line.</summary>
internal sealed class AccessLogRecorder : IAccessLogTarget
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    public string Name => "recorder";

    public bool IsEnabled => true;

    public void AddTo(WebApplicationBuilder builder) => builder.Services.AddSingleton<IAccessLogTarget>(this);

    public ValueTask WriteAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        _lines.Writer.TryWrite(Encoding.UTF8.GetString(line.Span));
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The next line; it is written a moment after the response.</summary>
    public async Task<JsonElement> NextAsync()
    {
        var line = await _lines.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.EndsWith("\n", line, StringComparison.Ordinal);
        return JsonDocument.Parse(line).RootElement;
    }

    /// <summary>Every line that is there.</summary>
    public string ReadAll()
    {
        var text = new StringBuilder();
        while (_lines.Reader.TryRead(out var line))
        {
            text.Append(line);
        }

        return text.ToString();
    }
}
