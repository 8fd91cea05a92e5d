using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Inspection;
using VllmSecure.Proxy.RequestPolicy;
using VllmSecure.Proxy.Storage;

namespace VllmSecure.Proxy.Tests.RequestPolicy;

public sealed class RequestPolicyMiddlewareTests : IDisposable
{
    private static readonly ApiEndpoint Chat = new("/v1/chat/completions", EndpointClass.Inference, "POST") { Format = WireFormat.ChatCompletions };
    private static readonly ApiEndpoint Responses = new("/v1/responses", EndpointClass.Inference, "POST") { Format = WireFormat.Responses };
    private static readonly ApiEndpoint Response = new("/v1/responses/{id}", EndpointClass.Inference, "GET") { Format = WireFormat.Responses, IsStateful = true };

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("vllm-secure-test-");

    public void Dispose() => _data.Delete(recursive: true);

    [Theory]
    [InlineData("""{"model":"m"}""")]
    [InlineData("""{"model":"m","store":true}""")]
    [InlineData("""{"store":null,"model":"m"}""")]
    public async Task Invoke_Responses_AreNeverStored(string json)
    {
        var sent = await ForwardedAsync(Responses, json);

        using var document = JsonDocument.Parse(sent!, new JsonDocumentOptions { AllowDuplicateProperties = false });
        Assert.False(document.RootElement.GetProperty("store").GetBoolean());
    }

    [Fact]
    public async Task Invoke_ResponseById_Is404()
    {
        var context = Context(Response, "{}");

        await Middleware(_ => throw new InvalidOperationException("must not be reached")).InvokeAsync(context);

        Assert.Equal(404, context.Response.StatusCode);
    }

    [Fact]
    public async Task Invoke_Refused_NamesTheRule()
    {
        var context = Context(Chat, """{"chat_template":"x"}""");

        await Middleware(_ => throw new InvalidOperationException("must not be reached")).InvokeAsync(context);

        Assert.Equal(400, context.Response.StatusCode);
        Assert.Equal("field_refused", ProxyExchange.Of(context).RefusedBy);
        Assert.Equal(ExchangeOutcome.Refused, ProxyExchange.Of(context).Outcome);
    }

    [Fact]
    public async Task Invoke_KeyWithItsOwnPolicy_GoesByIt()
    {
        const string Body = """{"n":30,"prompt_logprobs":1}""";
        (string, string)[] own = [("RequestPolicy:Keys:alice:MaxChoices", "30"), ("RequestPolicy:Keys:alice:AllowFields:0", "prompt_logprobs")];

        Assert.NotNull(await ForwardedAsync(Chat, Body, "alice", own));
        Assert.NotNull(await ForwardedAsync(Chat, Body, "Alice", own));
        Assert.Null(await ForwardedAsync(Chat, Body, "bob", own));
    }

    [Fact]
    public async Task Invoke_CacheSalt_IsTheKeysOwnAndSurvivesARestart()
    {
        (string, string)[] on = [("RequestPolicy:CacheSaltPerKey", "true")];

        var first = await SaltAsync("alice");
        Assert.Equal(43, first.Length);
        Assert.Equal(first, await SaltAsync("alice"));
        Assert.NotEqual(first, await SaltAsync("bob"));

        async Task<string> SaltAsync(string key)
        {
            using var document = JsonDocument.Parse((await ForwardedAsync(Chat, """{"model":"m"}""", key, on))!);
            return document.RootElement.GetProperty("cache_salt").GetString()!;
        }
    }

    [Theory]
    [InlineData("/v1/embeddings", nameof(WireFormat.Embeddings), true)]
    [InlineData("/v1/messages", nameof(WireFormat.Messages), false)]
    [InlineData("/v2/embed", nameof(WireFormat.Json), false)]
    public async Task Invoke_CacheSalt_IsSentWhereVllmTakesIt(string path, string format, bool takesIt)
    {
        var endpoint = new ApiEndpoint(path, EndpointClass.Inference, "POST") { Format = Enum.Parse<WireFormat>(format) };

        var sent = await ForwardedAsync(endpoint, """{"model":"m"}""", "alice", ("RequestPolicy:CacheSaltPerKey", "true"));

        Assert.Equal(takesIt, sent!.Contains("cache_salt", StringComparison.Ordinal));
    }

    [Fact]
    public void CacheSalt_AfterAFailure_IsTriedAgain()
    {
        var blocked = Path.Combine(_data.FullName, "request-policy");
        File.WriteAllText(blocked, "in the way");
        var salt = new CacheSalt(new DataDirectory(Options.Create(new StorageOptions { DataDirectory = _data.FullName })));

        Assert.ThrowsAny<IOException>(() => salt.For("alice"));
        File.Delete(blocked);

        Assert.Equal(salt.For("alice"), salt.For("alice"));
    }

    [Fact]
    public void Validate_UnknownSettings_AreNamed()
    {
        var configuration = Configuration(
            ("RequestPolicy:MaxChoice", "1"), ("RequestPolicy:Keys:alice:MaxPrompt", "1"), ("RequestPolicy:Keys:alice:maxprompts", "1"),
            ("RequestPolicy:MediaHosts", "images.example.com"), ("RequestPolicy:Keys:bob", "1"));

        var failures = new RequestPolicyOptionsValidator(new PolicyOverrides(configuration)).Validate(null, new RequestPolicyOptions()).Failures!.ToArray();

        Assert.Equal(
            ["RequestPolicy:Keys:alice:MaxPrompt", "RequestPolicy:Keys:bob", "RequestPolicy:MaxChoice", "RequestPolicy:MediaHosts"],
            failures.Select(failure => failure[..failure.IndexOf(": ", StringComparison.Ordinal)]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Validate_WrongSettings_AreNamedAllAtOnce()
    {
        var configuration = Configuration(
            ("RequestPolicy:MaxChoices", "0"), ("RequestPolicy:MediaHosts:0", "10.0.0.1"),
            ("RequestPolicy:AllowFields:0", "background"), ("RequestPolicy:Keys:alice:MaxPrompts", "-1"));
        var options = configuration.GetSection("RequestPolicy").Get<RequestPolicyOptions>()!;

        var failures = new RequestPolicyOptionsValidator(new PolicyOverrides(configuration)).Validate(null, options).Failures!.ToArray();

        foreach (var key in new[] { "RequestPolicy:MaxChoices:", "RequestPolicy:MediaHosts:", "RequestPolicy:AllowFields:", "RequestPolicy:Keys:alice:MaxPrompts:" })
        {
            Assert.Contains(failures, failure => failure.StartsWith(key, StringComparison.Ordinal));
        }
    }

    private static IConfiguration Configuration(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build();

    private async Task<string?> ForwardedAsync(ApiEndpoint endpoint, string json, string key = "k", params (string Key, string Value)[] settings)
    {
        string? sent = null;
        var context = Context(endpoint, json);
        ProxyExchange.Of(context).Client = new ClientIdentity(key);
        await Middleware(
            inner =>
            {
                sent = Encoding.UTF8.GetString(ProxyExchange.Of(inner).Body!.Content);
                return Task.CompletedTask;
            },
            settings).InvokeAsync(context);
        return sent;
    }

    private RequestPolicyMiddleware Middleware(RequestDelegate next, params (string Key, string Value)[] settings) => new(
        next,
        new PolicyOverrides(Configuration(settings)),
        new CacheSalt(new DataDirectory(Options.Create(new StorageOptions { DataDirectory = _data.FullName }))));

    private static DefaultHttpContext Context(ApiEndpoint endpoint, string json)
    {
        var context = new DefaultHttpContext();
        var bytes = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(json));
        var scan = RequestScanner.Scan(bytes, new InspectionOptions());
        context.Features.Set(new ProxyExchange("req_1", ListenerRole.Inference, 0, CancellationToken.None)
        {
            Endpoint = endpoint,
            Request = scan.Facts,
            Body = new RequestBody(context.Request, bytes, scan.Root, scan.Members),
        });
        return context;
    }
}
