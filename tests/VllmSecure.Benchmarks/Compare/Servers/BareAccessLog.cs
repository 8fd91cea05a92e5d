using System.Globalization;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;

namespace VllmSecure.Benchmarks.Compare.Servers;

/// <summary>One line a request, written by a task of its own.</summary>
internal sealed class BareAccessLog : IAsyncDisposable
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _writing;

    public BareAccessLog(string file) => _writing = WriteAsync(file);

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var start = Load.Clock.Now;
        await next(context);
        _lines.Writer.TryWrite(string.Create(
            CultureInfo.InvariantCulture,
            $"{TimeProvider.System.GetUtcNow():O} {context.Connection.RemoteIpAddress} \"{context.Request.Method} {context.Request.Path}\" {context.Response.StatusCode} {Load.Clock.Since(start).TotalMilliseconds:F3}"));
    }

    public async ValueTask DisposeAsync()
    {
        _lines.Writer.Complete();
        await _writing;
    }

    private async Task WriteAsync(string file)
    {
        await using var output = new StreamWriter(file);
        while (await _lines.Reader.WaitToReadAsync())
        {
            while (_lines.Reader.TryRead(out var line))
            {
                await output.WriteLineAsync(line);
            }

            await output.FlushAsync();
        }
    }
}
