using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Quotas;

namespace VllmSecure.Proxy.Tests.Quotas;

public sealed class QuotasMiddlewareTests
{
    private static readonly ApiEndpoint Chat = new("/v1/chat/completions", EndpointClass.Inference, "POST") { Operation = "chat" };

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2027, 1, 1, 22, 0, 0, TimeSpan.Zero));
    private readonly InMemoryQuotaStore _store;
    private readonly QuotasOptions _options = new();

    public QuotasMiddlewareTests() => _store = new InMemoryQuotaStore(_clock);

    [Fact]
    public async Task Invoke_NothingLimited_CountsNothingAndSaysNothing()
    {
        var context = await SendAsync(new ClientIdentity("ci"), _ => { });
        Assert.Equal(0, _store.Count);
        Assert.Empty(context.Response.Headers);
    }

    [Fact]
    public void Invoke_NothingLimited_IsTheNextStepItself()
    {
        Task task = new TaskCompletionSource().Task;
        var middleware = new QuotasMiddleware(_ => task, _store, Options.Create(_options));
        using var exchange = Exchange(new ClientIdentity("ci"));
        Assert.Same(task, middleware.InvokeAsync(Context(exchange)));
    }

    [Fact]
    public async Task Invoke_Answered_SettlesByVllmsOwnCount()
    {
        var client = new ClientIdentity("ci") { TokensPerDay = 10_000 };
        await SendAsync(client, exchange => exchange.Usage = new TokenUsage(30, 12));
        Assert.Equal(42, _store.Export().Tokens["ci"]);
    }

    [Theory]
    [InlineData(false, 200, false, 0)] // never reached vLLM
    [InlineData(true, 400, false, 0)] // vLLM refused it
    [InlineData(true, 200, true, 107)] // the client left: the prompt and what it saw
    [InlineData(true, 502, true, 107)] // as the forwarder reports a client that left
    [InlineData(true, 200, false, 107)] // the upstream broke off
    public async Task Invoke_WithoutUsage_SettlesByWhatIsKnown(bool forwarded, int status, bool left, long charged)
    {
        var client = new ClientIdentity("ci") { TokensPerDay = 10_000 };
        await SendAsync(client, exchange =>
        {
            exchange.Timings.Forwarded = forwarded ? 1 : 0;
            exchange.TokenEvents = forwarded ? 7 : 0;
            if (left)
            {
                exchange.Abort(ExchangeOutcome.ClientLeft);
            }
        }, status);
        Assert.Equal(charged, _store.Export().Tokens.GetValueOrDefault("ci"));
    }

    [Fact]
    public async Task Invoke_PipelineThrows_FreesThePlace()
    {
        var client = new ClientIdentity("ci") { MaxConcurrent = 1 };
        await Assert.ThrowsAsync<InvalidOperationException>(() => SendAsync(client, _ => throw new InvalidOperationException("defect")));
        Assert.Equal(200, (await SendAsync(client, _ => { })).Response.StatusCode);
    }

    [Fact]
    public async Task Invoke_BeyondALimit_429InOpenAIsShapeWithRetryAfter()
    {
        var client = new ClientIdentity("ci") { RequestsPerMinute = 1 };
        Assert.Equal("0", (await SendAsync(client, _ => { })).Response.Headers["x-ratelimit-remaining-requests"]);

        var passed = false;
        var context = await SendAsync(client, _ => passed = true);
        Assert.False(passed);
        Assert.Equal(429, context.Response.StatusCode);
        Assert.Equal("60", context.Response.Headers.RetryAfter);
        Assert.Equal("1", context.Response.Headers["x-ratelimit-limit-requests"]);
        Assert.Equal("1m0s", context.Response.Headers["x-ratelimit-reset-requests"]);
        var error = JsonDocument.Parse(((MemoryStream)context.Response.Body).ToArray()).RootElement.GetProperty("error");
        Assert.Equal("rate_limit_error", error.GetProperty("type").GetString());
        Assert.Equal("rate_limit_exceeded", error.GetProperty("code").GetString());
        Assert.Equal("The limit of API key 'ci' is reached: 1 requests a minute. Try again in 1m0s.", error.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Invoke_OwnAndDefaultLimits_TheOwnOneCounts()
    {
        _options.Default.RequestsPerMinute = 10;
        _options.Default.TokensPerMinute = 5000;
        var context = await SendAsync(new ClientIdentity("ci") { RequestsPerMinute = 3 }, _ => { });
        Assert.Equal("3", context.Response.Headers["x-ratelimit-limit-requests"]);
        Assert.Equal("5000", context.Response.Headers["x-ratelimit-limit-tokens"]);
        var other = await SendAsync(new ClientIdentity("other"), _ => { });
        Assert.Equal("10", other.Response.Headers["x-ratelimit-limit-requests"]);
    }

    [Fact]
    public async Task Invoke_GlobalLimit_HoldsOverAllKeys()
    {
        _options.Global.RequestsPerMinute = 2;
        await SendAsync(new ClientIdentity("a"), _ => { });
        await SendAsync(new ClientIdentity("b"), _ => { });
        var context = await SendAsync(new ClientIdentity("c"), _ => { });
        Assert.Equal(429, context.Response.StatusCode);
    }

    [Theory]
    [InlineData("chat", 50L, 1, 1, 150)]
    [InlineData("chat", 50L, 3, 1, 250)]
    [InlineData("text_completion", 50L, 3, 4, 700)]
    [InlineData("chat", null, 1, 1, 1124)]
    [InlineData("chat", long.MaxValue, long.MaxValue, long.MaxValue, 1_000_000_100)]
    [InlineData("chat", -5L, -1, 1, 100)]
    [InlineData("embeddings", null, 1, 4, 100)]
    [InlineData(null, null, 1, 1, 0)]
    [InlineData("transcription", 0L, 1, 1, 1, 0)]
    public void Estimate_Request_PromptsAndMostOfTheAnswers(string? operation, long? maxOutput, long choices, long prompts, long expected, long input = 100)
    {
        using var exchange = Exchange(new ClientIdentity("ci"));
        exchange.Endpoint = Chat with { Operation = operation };
        exchange.Request!.MaxOutputTokens = maxOutput;
        exchange.Request.Choices = choices;
        exchange.Request.Prompts = prompts;
        exchange.Request.EstimatedInputTokens = input;
        Assert.Equal(expected, QuotaEstimate.Of(exchange, assumedOutputTokens: 1024).Total);
    }

    [Theory]
    [InlineData("Default:RequestsPerMinute")]
    [InlineData("Global:TokensPerDay")]
    public void Validate_LimitOfZero_NamesIt(string key)
    {
        var options = new QuotasOptions();
        options.Default.RequestsPerMinute = key.StartsWith("Default", StringComparison.Ordinal) ? 0 : null;
        options.Global.TokensPerDay = key.StartsWith("Global", StringComparison.Ordinal) ? -1 : null;
        var failure = Assert.Single(new QuotasOptionsValidator().Validate(name: null, options).Failures!);
        Assert.StartsWith($"Quotas:{key}: ", failure, StringComparison.Ordinal);
    }

    private async Task<DefaultHttpContext> SendAsync(ClientIdentity client, Action<ProxyExchange> handle, int status = 200)
    {
        using var exchange = Exchange(client);
        var context = Context(exchange);
        var middleware = new QuotasMiddleware(
            inner =>
            {
                inner.Response.StatusCode = status;
                handle(exchange);
                return Task.CompletedTask;
            },
            _store,
            Options.Create(_options));
        await middleware.InvokeAsync(context);
        return context;
    }

    private static ProxyExchange Exchange(ClientIdentity client) => new("req_1", ListenerRole.Inference, 1, CancellationToken.None)
    {
        Client = client,
        Endpoint = Chat,
        Request = new RequestFacts { EstimatedInputTokens = 100 },
    };

    private static DefaultHttpContext Context(ProxyExchange exchange)
    {
        var context = new DefaultHttpContext();
        context.Features.Set(exchange);
        context.Response.Body = new MemoryStream();
        return context;
    }
}
