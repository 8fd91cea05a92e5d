using System.Buffers;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace VllmSecure.Benchmarks.Compare.Servers;

/// <summary>
/// The upstream of all: an answer without any work, as HTTP/1.1 and, for the measurement without a proxy, over TLS. On its
/// third port it is the collector that takes telemetry and forgets it.
/// </summary>
internal static class UpstreamServer
{
    // What vLLM does with idle connections (VLLM_HTTP_TIMEOUT_KEEP_ALIVE).
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(int port, int tlsPort, int collectorPort, string certificateFile, string keyFile)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.KeepAliveTimeout = KeepAlive;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, collectorPort, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, tlsPort, listen => listen.UseBenchmarkTls(certificateFile, keyFile));
        });
        await using var app = builder.Build();
        app.Run(AnswerAsync);
        await app.RunAsync();
        return 0;
    }

    private static Task AnswerAsync(HttpContext context) => context.Request.Path.Value switch
    {
        "/v1/chat/completions" => AnswerChatAsync(context),
        "/v1/models" => AnswerJsonAsync(context, UpstreamAnswers.Models),
        "/health" or "/metrics" => Task.CompletedTask,
        "/v1/traces" or "/v1/metrics" or "/v1/logs" => context.Request.BodyReader.CopyToAsync(Stream.Null),
        _ => NotFound(context),
    };

    private static async Task AnswerChatAsync(HttpContext context)
    {
        var prompt = await ReadPromptAsync(context);
        switch (prompt)
        {
            case ["wait", var milliseconds]:
                await Load.Clock.DelayAsync(Milliseconds(milliseconds));
                await AnswerJsonAsync(context, UpstreamAnswers.Small);
                break;
            case ["stream", var chunks, var milliseconds]:
                await UpstreamStream.SendAsync(context, int.Parse(chunks, null), Milliseconds(milliseconds));
                break;
            case ["hold"]:
                await UpstreamStream.HoldAsync(context);
                break;
            case ["frame"]:
                await UpstreamStream.SendFrameAsync(context);
                break;
            case ["large"]:
                await AnswerJsonAsync(context, UpstreamAnswers.Large);
                break;
            default:
                await AnswerJsonAsync(context, UpstreamAnswers.Small);
                break;
        }
    }

    /// <summary>The words of the prompt, from the first bytes of the body; the rest is read and forgotten.</summary>
    private static async Task<string[]> ReadPromptAsync(HttpContext context)
    {
        const int Enough = 512;
        var body = context.Request.BodyReader;
        var length = context.Request.ContentLength ?? 0;
        var start = await body.ReadAtLeastAsync((int)Math.Min(length, Enough));
        var prompt = Prompt(start.Buffer.Slice(0, Math.Min(start.Buffer.Length, Enough)));
        body.AdvanceTo(start.Buffer.End);
        while (!start.IsCompleted)
        {
            start = await body.ReadAsync();
            body.AdvanceTo(start.Buffer.End);
        }

        return prompt;
    }

    private static string[] Prompt(ReadOnlySequence<byte> start)
    {
        var text = Encoding.ASCII.GetString(start);
        var from = text.IndexOf("\"content\":\"", StringComparison.Ordinal) + "\"content\":\"".Length;
        var to = text.IndexOf('"', from);
        return to < 0 ? [] : text[from..to].Split(' ');
    }

    private static Task AnswerJsonAsync(HttpContext context, ReadOnlyMemory<byte> json)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        return context.Response.Body.WriteAsync(json).AsTask();
    }

    private static Task NotFound(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private static TimeSpan Milliseconds(string text) => TimeSpan.FromMilliseconds(int.Parse(text, null));
}
