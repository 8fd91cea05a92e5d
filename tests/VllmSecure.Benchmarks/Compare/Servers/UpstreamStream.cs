using System.Text;
using Microsoft.AspNetCore.Http;

namespace VllmSecure.Benchmarks.Compare.Servers;

/// <summary>The upstream's streams.</summary>
internal static class UpstreamStream
{
    private const int FrameBytes = 256 * 1024;

    private static readonly byte[] End = Encoding.ASCII.GetBytes(
        """data: {"id":"chatcmpl-0123456789abcdef","object":"chat.completion.chunk","created":1700000000,"model":"benchmark","choices":[],"usage":{"prompt_tokens":12,"total_tokens":112,"completion_tokens":100}}""" + "\n\ndata: [DONE]\n\n");

    private static readonly byte[] Frame = Encoding.ASCII.GetBytes(
        $$$"""data: {"id":"chatcmpl-0123456789abcdef","object":"chat.completion.chunk","created":1700000000,"model":"benchmark","choices":[{"index":0,"delta":{"content":"{{{new string('x', FrameBytes)}}}"},"logprobs":null,"finish_reason":null}]}""" + "\n\n");

    /// <summary>So many chunks, the first at once.</summary>
    public static async Task SendAsync(HttpContext context, int chunks, TimeSpan interval)
    {
        Begin(context);
        using var timer = interval > TimeSpan.Zero ? new PeriodicTimer(interval) : null;
        await SendChunkAsync(context);
        for (var i = 1; i < chunks; i++)
        {
            await timer!.WaitForNextTickAsync(context.RequestAborted);
            await SendChunkAsync(context);
        }

        await context.Response.Body.WriteAsync(End);
    }

    /// <summary>One chunk, and then nothing until the client leaves.</summary>
    public static async Task HoldAsync(HttpContext context)
    {
        Begin(context);
        await SendChunkAsync(context);
        var left = new TaskCompletionSource();
        await using (context.RequestAborted.Register(left.SetResult))
        {
            await left.Task;
        }
    }

    public static async Task SendFrameAsync(HttpContext context)
    {
        Begin(context);
        await context.Response.Body.WriteAsync(Frame);
        await context.Response.Body.WriteAsync(End);
    }

    private static void Begin(HttpContext context) => context.Response.ContentType = "text/event-stream; charset=utf-8";

    private static async Task SendChunkAsync(HttpContext context)
    {
        var writer = context.Response.BodyWriter;
        ChunkText.Write(writer.GetSpan(ChunkText.Length));
        writer.Advance(ChunkText.Length);
        await writer.FlushAsync();
    }
}
