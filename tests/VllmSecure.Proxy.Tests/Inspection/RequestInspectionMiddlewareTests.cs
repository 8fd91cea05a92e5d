using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Inspection;

namespace VllmSecure.Proxy.Tests.Inspection;

public class RequestInspectionMiddlewareTests
{
    private static readonly ApiEndpoint Chat = new("/v1/chat/completions", EndpointClass.Inference, "POST") { Format = WireFormat.ChatCompletions };
    private static readonly ApiEndpoint Models = new("/v1/models", EndpointClass.Models, "GET") { Format = WireFormat.Opaque };
    private static readonly ApiEndpoint Audio = new("/v1/audio/transcriptions", EndpointClass.Inference, "POST") { Format = WireFormat.Form };

    [Fact]
    public async Task Invoke_JsonBody_IsHandedOnWithItsLengthAndCanBeReadAgain()
    {
        const string Json = """{"model":"m","messages":[]}""";
        var context = Context(Chat, Json);
        context.Request.ContentLength = null;
        context.Request.Headers.TransferEncoding = "chunked";
        context.Request.Headers.Expect = "100-continue";
        var seen = new List<string>();

        await Run(context, async inner =>
        {
            Assert.Equal(Json.Length, inner.Request.ContentLength);
            Assert.Equal(0, inner.Request.Headers.TransferEncoding.Count);
            Assert.Equal(0, inner.Request.Headers.Expect.Count);
            seen.Add(await ReadAsync(inner));
            inner.Request.Body.Position = 0;
            seen.Add(await ReadAsync(inner));
        });

        Assert.Equal([Json, Json], seen);
        Assert.Equal("m", ProxyExchange.Of(context).Request?.Model);
    }

    [Theory]
    [InlineData("""{"model":"m","stream":true}""", true)]
    [InlineData("""{"model":"m","stream":true,"stream_options":null}""", true)]
    [InlineData("""{"model":"m","stream":true,"stream_options":{"include_usage":false,"continuous_usage_stats":true}}""", true)]
    [InlineData("""{"model":"m","stream":true,"stream_options":{"include_usage":true,"x":1}}""", false)]
    [InlineData("""{"model":"m","stream":false}""", false)]
    public async Task Invoke_Stream_AsksForUsageUnlessTheClientDid(string json, bool edited)
    {
        var sent = "";

        await Run(Context(Chat, json), async inner => sent = await ReadAsync(inner));

        if (!edited)
        {
            Assert.Equal(json, sent);
            return;
        }

        using var document = JsonDocument.Parse(sent, new JsonDocumentOptions { AllowDuplicateProperties = false });
        Assert.Equal("""{"include_usage":true}""", document.RootElement.GetProperty("stream_options").GetRawText());
        Assert.Equal("m", document.RootElement.GetProperty("model").GetString());
    }

    /// <summary>Kestrel may say that the request is aborted only later, from another thread.</summary>
    [Fact]
    public async Task Invoke_ClientResetsItsStream_HasLeft()
    {
        var context = Context(Chat, "{}");
        var pipe = new Pipe();
        await pipe.Writer.CompleteAsync(new IOException("The client reset the request stream."));
        context.Request.Body = pipe.Reader.AsStream();

        await Run(context, _ => Task.CompletedTask);

        Assert.Equal(ExchangeOutcome.ClientLeft, ProxyExchange.Of(context).AbortReason);
        Assert.True(ProxyExchange.Of(context).Aborted.IsCancellationRequested);
    }

    [Theory]
    [InlineData(null, null, 415)]
    [InlineData("text/plain", null, 415)]
    [InlineData("application/json; charset=utf-16", null, 415)]
    [InlineData("application/x-www-form-urlencoded", null, 415)]
    [InlineData("application/json", "gzip", 415)]
    [InlineData("application/json; charset=utf-8", "identity", 200)]
    [InlineData("Application/JSON", null, 200)]
    public async Task Invoke_ContentTypeAndCoding_AreChecked(string? contentType, string? coding, int status)
    {
        var context = Context(Chat, """{"model":"m"}""");
        context.Request.ContentType = contentType;
        context.Request.Headers.ContentEncoding = coding;

        await Run(context, _ => Task.CompletedTask);

        Assert.Equal(status, context.Response.StatusCode);
    }

    [Fact]
    public async Task Invoke_AnnouncedTooLarge_Is413Unread()
    {
        var context = Context(Audio, new string('x', 100));
        context.Features.Set<IHttpMaxRequestBodySizeFeature>(new Limit { MaxRequestBodySize = 99 });

        await Run(context, _ => throw new InvalidOperationException("must not be reached"));

        Assert.Equal(413, context.Response.StatusCode);
    }

    [Fact]
    public async Task Invoke_ChunkedTooLarge_Is413()
    {
        var context = Context(Chat, $$"""{"model":"{{new string('x', 100)}}"}""");
        context.Request.ContentLength = null;
        context.Features.Set<IHttpMaxRequestBodySizeFeature>(new Limit { MaxRequestBodySize = 99 });

        await Run(context, _ => throw new InvalidOperationException("must not be reached"));

        Assert.Equal(413, context.Response.StatusCode);
    }

    [Fact]
    public async Task Invoke_NoMemoryLeft_Is503WithRetryAfter()
    {
        var budget = new BodyBudget(Options.Create(new InspectionOptions { MaxBufferedBytes = 8 }));
        var context = Context(Chat, """{"model":"m"}""");

        await Run(context, _ => throw new InvalidOperationException("must not be reached"), budget);

        Assert.Equal(503, context.Response.StatusCode);
        Assert.Equal("5", context.Response.Headers.RetryAfter);
        Assert.Equal(0, budget.Used);
    }

    [Fact]
    public async Task Invoke_Opaque_PassesUnread()
    {
        var context = Context(Models, "not json");
        var original = context.Request.Body;

        await Run(context, inner =>
        {
            Assert.Same(original, inner.Request.Body);
            return Task.CompletedTask;
        });

        Assert.Null(ProxyExchange.Of(context).Request);
    }

    [Fact]
    public async Task Invoke_ExchangeEndsWhileTheForwarderReads_ReadsFailAndMemoryIsBack()
    {
        var budget = new BodyBudget(Options.Create(new InspectionOptions()));
        var context = Context(Chat, """{"model":"m"}""");
        Stream? body = null;

        await Run(
            context,
            inner =>
            {
                body = inner.Request.Body;
                Assert.NotEqual(0, budget.Used);
                throw new OperationCanceledException();
            },
            budget);

        Assert.Equal(0, budget.Used);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await body!.ReadExactlyAsync(new byte[1]));
    }

    private static async Task Run(HttpContext context, RequestDelegate next, BodyBudget? budget = null)
    {
        var options = Options.Create(new InspectionOptions());
        var middleware = new RequestInspectionMiddleware(next, budget ?? new BodyBudget(options), options);
        try
        {
            await middleware.InvokeAsync(context);
        }
        catch (OperationCanceledException)
        {
            // As the outer middleware does.
        }
    }

    private static DefaultHttpContext Context(ApiEndpoint endpoint, string body)
    {
        var context = new DefaultHttpContext();
        var bytes = Encoding.UTF8.GetBytes(body);
        context.Request.Method = "POST";
        context.Request.Path = endpoint.Path;
        context.Request.ContentType = "application/json";
        context.Request.ContentLength = bytes.Length;
        context.Request.Body = new MemoryStream(bytes);
        context.Features.Set(new ProxyExchange("req_1", ListenerRole.Inference, 0, CancellationToken.None) { Endpoint = endpoint });
        return context;
    }

    private static async Task<string> ReadAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, leaveOpen: true);
        return await reader.ReadToEndAsync();
    }

    private sealed class Limit : IHttpMaxRequestBodySizeFeature
    {
        public bool IsReadOnly => false;

        public long? MaxRequestBodySize { get; set; }
    }
}
