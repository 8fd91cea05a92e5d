using System.Text.Json;
using Microsoft.AspNetCore.Http;
using VllmSecure.Proxy.ApiKeys;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Tests.ApiKeys;

public sealed class ApiKeysMiddlewareTests
{
    private static readonly string Secret = SecretText.Create();
    private static readonly string Expired = SecretText.Create();

    private readonly DefaultHttpContext _context = new();
    private readonly ProxyExchange _exchange = new("req_1", ListenerRole.Inference, 1, CancellationToken.None);
    private bool _passed;

    public ApiKeysMiddlewareTests()
    {
        _context.Features.Set(_exchange);
        _context.Response.Body = new MemoryStream();
        _context.Request.Body = new UnreadableStream();
        _context.Request.Path = "/v1/chat/completions";
    }

    [Theory]
    [InlineData("Bearer ")]
    [InlineData("bearer   ")]
    [InlineData("BEARER ")]
    public async Task Invoke_GoodKey_PassesAndNamesTheClient(string scheme)
    {
        _context.Request.Headers.Authorization = scheme + Secret;
        await InvokeAsync();
        Assert.True(_passed);
        Assert.Equal("good", _exchange.Client?.KeyId);
    }

    [Theory]
    [InlineData("/v1/messages", true)]
    [InlineData("/v1/messages/count_tokens", true)]
    [InlineData("/v1/chat/completions", false)]
    public async Task Invoke_AnthropicHeader_CountsOnAnthropicPathsOnly(string path, bool passes)
    {
        _context.Request.Path = path;
        _context.Request.Headers["x-api-key"] = Secret;
        await InvokeAsync();
        Assert.Equal(passes, _passed);
    }

    [Theory]
    [InlineData(null, "No API key was given")]
    [InlineData("Basic dXNlcjpwYXNz", "could not be read")]
    [InlineData("Bearer", "could not be read")]
    [InlineData("Bearer ", "could not be read")]
    [InlineData("Bearer two words", "could not be read")]
    [InlineData("Bearer vllms_short", "mistyped or incomplete")]
    [InlineData("Bearer sk-somebody-elses-key", "not known here")]
    [InlineData("expired", "has expired")]
    public async Task Invoke_BadCredential_401SaysWhatIsWrong(string? authorization, string message)
    {
        _context.Request.Headers.Authorization = authorization == "expired" ? "Bearer " + Expired : authorization;
        await InvokeAsync();

        Assert.False(_passed);
        Assert.Null(_exchange.Client);
        Assert.Equal(401, _context.Response.StatusCode);
        Assert.Equal("Bearer", _context.Response.Headers.WWWAuthenticate);
        var error = Answer().GetProperty("error");
        Assert.Contains(message, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("invalid_api_key", error.GetProperty("code").GetString());
        Assert.Equal("authentication_error", error.GetProperty("type").GetString());
        if (authorization is { Length: > 10 })
        {
            Assert.DoesNotContain(authorization[7..], Answer().GetRawText(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Invoke_TwoAuthorizationHeaders_401()
    {
        _context.Request.Headers.Authorization = new[] { "Bearer " + Secret, "Bearer " + Secret };
        await InvokeAsync();
        Assert.False(_passed);
    }

    [Fact]
    public async Task Invoke_AnthropicPath_401InItsShape()
    {
        _context.Request.Path = "/v1/messages";
        await InvokeAsync();
        Assert.Equal("error", Answer().GetProperty("type").GetString());
        Assert.Equal("authentication_error", Answer().GetProperty("error").GetProperty("type").GetString());
        Assert.Contains("x-api-key", Answer().GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Invoke_AnyCredential_IsTakenOffTheRequest(bool good)
    {
        var headers = _context.Request.Headers;
        headers.Authorization = good ? "Bearer " + Secret : "Bearer sk-other";
        headers.ProxyAuthorization = "Basic x";
        headers["X-Api-Key"] = Secret;
        headers["Api-Key"] = Secret;
        headers.Cookie = "session=1";
        headers.UserAgent = "kept";
        await InvokeAsync();
        Assert.Equal(good, _passed);
        Assert.Equal(["User-Agent"], headers.Keys);
    }

    private async Task InvokeAsync()
    {
        using var keys = new KeyWorkspace(
            "Production",
            ("ApiKeys:good:Key", Secret), ("ApiKeys:expired:Key", Expired), ("ApiKeys:expired:ExpiresAt", "2020-01-01"));
        Assert.True(keys.Store.TryLoad(fileContent: null, []));
        var middleware = new ApiKeysMiddleware(
            _ =>
            {
                _passed = true;
                return Task.CompletedTask;
            },
            keys.Store,
            keys.Clock);
        await middleware.InvokeAsync(_context);
    }

    private JsonElement Answer() => JsonDocument.Parse(((MemoryStream)_context.Response.Body).ToArray()).RootElement;
}
