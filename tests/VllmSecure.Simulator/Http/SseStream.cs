using System.IO.Pipelines;
using System.Text;
using System.Text.Json;

namespace VllmSecure.Simulator.Http;

/// <summary>Server-sent events, each flushed by itself.</summary>
internal sealed class SseStream(PipeWriter output, CancellationToken aborted) : IDisposable
{
    private readonly Utf8JsonWriter _json = new(output, Json.WriterOptions);

    /// <summary><c>data:</c> and, for APIs that name their events, <c>event:</c> before it.</summary>
    public async Task SendAsync(Action<Utf8JsonWriter> write, string? eventName = null)
    {
        if (eventName is not null)
        {
            Write("event: "u8);
            Encoding.UTF8.GetBytes(eventName, output);
            Write("\n"u8);
        }

        Write("data: "u8);
        _json.Reset();
        write(_json);
        _json.Flush();
        Write("\n\n"u8);
        await output.FlushAsync(aborted);
    }

    public async Task DoneAsync()
    {
        Write("data: [DONE]\n\n"u8);
        await output.FlushAsync(aborted);
    }

    public void Dispose() => _json.Dispose();

    private void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(output.GetSpan(bytes.Length));
        output.Advance(bytes.Length);
    }
}
