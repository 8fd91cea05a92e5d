using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Inspection;

namespace VllmSecure.Proxy.Tests.Inspection;

public class ResponseInspectionTests
{
    private const string Token = "data: {\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n";
    private const string Finish = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    private const string Usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}}\n\n";
    private const string Done = "data: [DONE]\n\n";
    private const string Comment = ": keep-alive\n\n";

    private static readonly ApiEndpoint Chat = new("/v1/chat/completions", EndpointClass.Inference, "POST") { Format = WireFormat.ChatCompletions };
    private static readonly ApiEndpoint Messages = new("/v1/messages", EndpointClass.Inference, "POST") { Format = WireFormat.Messages };

    private readonly FakeTimeProvider _clock = new();
    private readonly MemoryStream _client = new();

    [Fact]
    public async Task Invoke_Stream_PublishesWhatItSaid()
    {
        var context = StreamContext(Chat);
        var start = _clock.GetTimestamp();

        await Run(context, async () =>
        {
            _clock.Advance(TimeSpan.FromSeconds(2));
            await WriteAsync(context, Token);
            _clock.Advance(TimeSpan.FromSeconds(1));
            await WriteAsync(context, Token);
            await WriteAsync(context, Finish + Usage + Done);
        });

        var exchange = ProxyExchange.Of(context);
        Assert.Equal("m", exchange.ResponseModel);
        Assert.Equal("stop", exchange.FinishReason);
        Assert.Equal(new TokenUsage(3, 2), exchange.Usage);
        Assert.Equal(2, exchange.TokenEvents);
        Assert.Equal(TimeSpan.FromSeconds(2), _clock.GetElapsedTime(start, exchange.Timings.FirstToken));
        Assert.Equal(TimeSpan.FromSeconds(3), _clock.GetElapsedTime(start, exchange.Timings.LastToken));
        Assert.Equal(Token + Token + Finish + Done, Sent());
    }

    [Fact]
    public async Task Invoke_OneOfSeveralPromptsHasFinished_HoldsNothingBack()
    {
        var context = StreamContext(Chat);
        ProxyExchange.Of(context).Request!.Prompts = 2;
        var passed = "";

        await Run(context, async () => { await WriteAsync(context, Finish + Token[..20]); passed = Sent(); });
        Assert.Equal(Finish + Token[..20], passed);
    }

    [Fact]
    public async Task Invoke_ClientAskedForUsage_GetsIt()
    {
        var context = StreamContext(Chat);
        ProxyExchange.Of(context).Request!.IncludeUsage = true;

        await Run(context, () => WriteAsync(context, Token + Finish + Usage + Done));

        Assert.Equal(Token + Finish + Usage + Done, Sent());
    }

    [Fact]
    public async Task Invoke_ErrorInsideA200Stream_IsAFailureOfTheUpstream()
    {
        var context = StreamContext(Chat);

        await Run(context, () => WriteAsync(context, Token + "data: {\"error\":{\"message\":\"x\",\"code\":500}}\n\n" + Done));

        Assert.Equal(ExchangeOutcome.UpstreamFailed, ProxyExchange.Of(context).Outcome);
    }

    [Fact]
    public async Task Invoke_JsonAnswer_PublishesUsageAndPassesEachByte()
    {
        const string Json = """{"model":"m","choices":[{"index":0,"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2}}""";
        var context = Context(Chat);
        context.Response.ContentType = "application/json";

        await Run(context, async () =>
        {
            await WriteAsync(context, Json[..50]);
            Assert.Equal(Json[..50], Sent());
            await WriteAsync(context, Json[50..]);
        });

        Assert.Equal(new TokenUsage(3, 2), ProxyExchange.Of(context).Usage);
        Assert.Equal(Json, Sent());
    }

    [Fact]
    public async Task Invoke_SilentPrefill_SendsHeadersAndComments()
    {
        var context = StreamContext(Chat);
        var exchange = ProxyExchange.Of(context);

        await Run(context, async () =>
        {
            _clock.Advance(TimeSpan.FromSeconds(100));
            Assert.Equal("", Sent());
            exchange.Timings.UpstreamHeaders = _clock.GetTimestamp();
            Advance(14);
            Assert.Equal("", Sent());
            Advance(1);
            Assert.Equal(Comment, Sent());
            Advance(15);
            Assert.Equal(Comment + Comment, Sent());
            Assert.Equal(0, exchange.Timings.FirstByte);
            await WriteAsync(context, Token);
            Advance(14);
            Assert.Equal(Comment + Comment + Token, Sent());
            Advance(1);
            Assert.Equal(Comment + Comment + Token + Comment, Sent());
        });
    }

    [Fact]
    public async Task Invoke_SilenceWithinAnEvent_SendsNoComment()
    {
        var context = StreamContext(Chat);
        ProxyExchange.Of(context).Timings.UpstreamHeaders = _clock.GetTimestamp();

        await Run(context, async () =>
        {
            await WriteAsync(context, Token[..10]);
            Advance(60);
            await WriteAsync(context, Token[10..]);
        });

        Assert.Equal(Token, Sent());
    }

    [Fact]
    public async Task Invoke_KeepAliveOff_SendsNothing()
    {
        var context = StreamContext(Chat);
        ProxyExchange.Of(context).Timings.UpstreamHeaders = _clock.GetTimestamp();

        await Run(
            context,
            () =>
            {
                Advance(600);
                return Task.CompletedTask;
            },
            keepAliveSeconds: 0);

        Assert.Equal("", Sent());
    }

    [Fact]
    public async Task Invoke_UpstreamErrorStatus_SendsNoComment()
    {
        var context = StreamContext(Chat);
        context.Response.StatusCode = 503;
        ProxyExchange.Of(context).Timings.UpstreamHeaders = _clock.GetTimestamp();

        await Run(context, () =>
        {
            Advance(60);
            return Task.CompletedTask;
        });

        Assert.Equal("", Sent());
    }

    [Fact]
    public async Task Invoke_UpstreamBreaksBetweenEvents_EndsWithAnErrorEvent()
    {
        var context = StreamContext(Chat);

        await Run(context, async () =>
        {
            await WriteAsync(context, Token);
            Break(context);
        });

        Assert.StartsWith(Token + "data: {\"error\":{\"message\":", Sent(), StringComparison.Ordinal);
        Assert.EndsWith("\"code\":\"upstream_failed\"}}\n\n" + Done, Sent(), StringComparison.Ordinal);
        Assert.True(ProxyExchange.Of(context).FailureTold);
        Assert.False(context.RequestAborted.IsCancellationRequested);
    }

    [Fact]
    public async Task Invoke_UpstreamBreaksOnMessages_EndsWithAnthropicsErrorEvent()
    {
        var context = StreamContext(Messages);

        await Run(context, async () =>
        {
            await WriteAsync(context, "event: ping\ndata: {\"type\":\"ping\"}\n\n");
            Break(context);
        });

        Assert.Contains("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\"", Sent(), StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", Sent(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_TimedOutInAStream_SaysSo()
    {
        var context = StreamContext(Chat);

        await Run(context, async () =>
        {
            await WriteAsync(context, Token);
            ProxyExchange.Of(context).Abort(ExchangeOutcome.TimedOut);
            Break(context);
        });

        Assert.Contains("\"code\":\"upstream_timeout\"", Sent(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_UpstreamBreaksWithinAnEvent_IsCut()
    {
        var context = StreamContext(Chat);

        await Run(context, async () =>
        {
            await WriteAsync(context, Token[..10]);
            Break(context);
        });

        Assert.Equal(Token[..10], Sent());
        Assert.True(context.Features.Get<Lifetime>()!.IsAborted);
    }

    [Fact]
    public async Task Invoke_UpstreamBreaksAfterTheEnd_EndsInOrder()
    {
        var context = StreamContext(Chat);

        await Run(context, async () =>
        {
            await WriteAsync(context, Token + Done);
            Break(context);
        });

        Assert.Equal(Token + Done, Sent());
        Assert.False(context.Features.Get<Lifetime>()!.IsAborted);
    }

    [Fact]
    public async Task Invoke_ClientLeft_IsCutInSilence()
    {
        using var left = new CancellationTokenSource();
        var context = StreamContext(Chat, left.Token);

        await Run(context, async () =>
        {
            await WriteAsync(context, Token);
            await left.CancelAsync();
            Break(context);
        });

        Assert.Equal(Token, Sent());
        Assert.True(context.Features.Get<Lifetime>()!.IsAborted);
        Assert.Equal(1, ProxyExchange.Of(context).TokenEvents);
    }

    [Fact]
    public async Task Invoke_CommentWhileTheForwarderWrites_NeverInterleaves()
    {
        var context = StreamContext(Chat);
        var exchange = ProxyExchange.Of(context);
        var slow = SlowClient(context);
        exchange.Timings.UpstreamHeaders = _clock.GetTimestamp();

        await Run(context, async () =>
        {
            var write = WriteAsync(context, Token);
            Assert.False(write.IsCompleted);
            Advance(60);
            Assert.Equal("", Sent());
            slow.Continue();
            await write;
        });

        Assert.Equal(Token, Sent());
    }

    [Fact]
    public async Task Invoke_GivenUpWhileItWrites_LetsTheWriteEndAndSaysSo()
    {
        var context = StreamContext(Chat);
        var exchange = ProxyExchange.Of(context);
        var slow = SlowClient(context);

        await Run(context, async () =>
        {
            var write = context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Token), exchange.Aborted).AsTask();
            exchange.Abort(ExchangeOutcome.Drained);
            _clock.Advance(WriteGrace.Time - TimeSpan.FromSeconds(1));
            slow.Continue();
            await write;
            Break(context);
        });

        Assert.StartsWith(Token + "data: {\"error\":", Sent(), StringComparison.Ordinal);
        Assert.Contains("\"code\":\"shutting_down\"", Sent(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_GivenUpAndTheClientTakesNothing_CutsItAfterTheGrace()
    {
        var context = StreamContext(Chat);
        var exchange = ProxyExchange.Of(context);
        _client.Write("HTTP/1.1 200 OK"u8);
        SlowClient(context);

        await Run(context, async () =>
        {
            var write = context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Token), exchange.Aborted).AsTask();
            exchange.Abort(ExchangeOutcome.TimedOut);
            _clock.Advance(WriteGrace.Time);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);
            Break(context);
        });

        Assert.Equal("HTTP/1.1 200 OK", Sent());
        Assert.False(exchange.FailureTold);
        Assert.True(context.Features.Get<Lifetime>()!.IsAborted);
    }

    private void Advance(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private string Sent() => Encoding.UTF8.GetString(_client.ToArray());

    private async Task Run(HttpContext context, Func<Task> upstream, int keepAliveSeconds = 15)
    {
        var options = Options.Create(new InspectionOptions { KeepAliveSeconds = keepAliveSeconds });
        await new ResponseInspectionMiddleware(_ => upstream(), options, _clock).InvokeAsync(context);
    }

    private SlowStream SlowClient(HttpContext context)
    {
        var slow = new SlowStream(_client);
        context.Features.Set<IHttpResponseBodyFeature>(new StartedBody(slow));
        return slow;
    }

    private static Task WriteAsync(HttpContext context, string text) => context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text)).AsTask();

    /// <summary>What the forwarder does when the upstream breaks off.</summary>
    private static void Break(HttpContext context) => context.Features.Get<IHttpResetFeature>()!.Reset(8);

    private DefaultHttpContext StreamContext(ApiEndpoint endpoint, CancellationToken left = default)
    {
        var context = Context(endpoint, left);
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        ProxyExchange.Of(context).Request = new RequestFacts { Stream = true };
        return context;
    }

    private DefaultHttpContext Context(ApiEndpoint endpoint, CancellationToken left = default)
    {
        var context = new DefaultHttpContext();
        var exchange = new ProxyExchange("req_1", ListenerRole.Inference, _clock.GetTimestamp(), left) { Endpoint = endpoint };
        var lifetime = new Lifetime();
        context.Features.Set(exchange);
        context.Features.Set(lifetime);
        context.Features.Set<IHttpRequestLifetimeFeature>(lifetime);
        context.Features.Set<IHttpResponseFeature>(new StartedResponse(_client));
        context.Features.Set<IHttpResponseBodyFeature>(new StartedBody(new MeteredResponseStream(_client, exchange, _clock)));
        return context;
    }

    /// <summary>A body whose stream starts the response, as a server's does.</summary>
    private sealed class StartedBody(Stream stream) : StreamResponseBodyFeature(stream);

    private sealed class StartedResponse(MemoryStream client) : HttpResponseFeature
    {
        public override bool HasStarted => client.Length > 0;
    }

    private sealed class Lifetime : IHttpRequestLifetimeFeature
    {
        public bool IsAborted { get; private set; }

        public CancellationToken RequestAborted { get; set; }

        public void Abort() => IsAborted = true;
    }
}
