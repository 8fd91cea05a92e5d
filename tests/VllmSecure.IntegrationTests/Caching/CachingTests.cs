using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Proxy.Caching;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests.Caching;

/// <summary>Answers from memory: the same bytes, and nothing that was not whole.</summary>
public sealed class CachingTests
{
    private const string Embeddings = """{"model":"test-model","input":"hello"}""";
    private const string OtherKey = "other-key-0123456789-0123456789-0123456789";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Embeddings_AskedTwice_AreComputedOnce()
    {
        await using var vllm = await StartAsync();
        await using var proxy = await StartProxyAsync(vllm);

        var first = await SendAsync(proxy.Client, "/v1/embeddings", Embeddings);
        var second = await SendAsync(proxy.Client, "/v1/embeddings", """{ "input": "hello", "model": "test-model" }""");
        var other = await SendAsync(proxy.Client, "/v1/embeddings", """{"model":"test-model","input":"hello!"}""");

        Assert.Equal(("MISS", "HIT", "MISS"), (first.Cache, second.Cache, other.Cache));
        Assert.Equal(first.Body, second.Body);
        Assert.Equal(2, vllm.Journal.Requests.Count);
    }

    [Fact]
    public async Task Stream_AskedTwice_IsGivenAgainAsAStream()
    {
        await using var vllm = await StartAsync();
        await using var proxy = await StartProxyAsync(vllm);
        const string Body = """{"model":"test-model","stream":true,"temperature":0,"max_tokens":4,"messages":[{"role":"user","content":"hi"}]}""";

        var first = await SendAsync(proxy.Client, ChatRequests.Path, Body);
        var second = await SendAsync(proxy.Client, ChatRequests.Path, Body);

        Assert.Equal(("MISS", "HIT"), (first.Cache, second.Cache));
        Assert.Equal("text/event-stream", second.MediaType);
        Assert.EndsWith("data: [DONE]\n\n", second.Body, StringComparison.Ordinal);
        Assert.Equal(first.Body, second.Body);
        Assert.Single(vllm.Journal.Requests);
    }

    [Theory]
    [InlineData("""{"model":"test-model","messages":[{"role":"user","content":"hi"}]}""")]
    [InlineData("""{"model":"test-model","temperature":0.1,"messages":[{"role":"user","content":"hi"}]}""")]
    [InlineData("""{"model":"test-model","seed":null,"messages":[{"role":"user","content":"hi"}]}""")]
    public async Task Chat_ThatMayDifferEachTime_IsNotKept(string body)
    {
        await using var vllm = await StartAsync();
        await using var proxy = await StartProxyAsync(vllm);

        await SendAsync(proxy.Client, ChatRequests.Path, body);
        var second = await SendAsync(proxy.Client, ChatRequests.Path, body);

        Assert.Null(second.Cache);
        Assert.Equal(2, vllm.Journal.Requests.Count);
    }

    [Fact]
    public async Task Default_KeepsNothing()
    {
        await using var vllm = await StartAsync();
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);

        await SendAsync(proxy.Client, "/v1/embeddings", Embeddings);
        var second = await SendAsync(proxy.Client, "/v1/embeddings", Embeddings);

        Assert.Null(second.Cache);
        Assert.Equal(2, vllm.Journal.Requests.Count);
    }

    [Theory]
    [InlineData(false, "MISS")]
    [InlineData(true, "HIT")]
    public async Task AnotherKey_SeesTheAnswerOnlyIfShared(bool shared, string expected)
    {
        await using var vllm = await StartAsync();
        await using var proxy = await StartProxyAsync(vllm, ("Caching:SharedBetweenKeys", shared ? "true" : "false"), ("ApiKeys:other:Key", OtherKey));
        using var other = proxy.CreateClient(OtherKey);

        await SendAsync(proxy.Client, "/v1/embeddings", Embeddings);

        Assert.Equal(expected, (await SendAsync(other, "/v1/embeddings", Embeddings)).Cache);
    }

    public static TheoryData<string> Failures => ["reset", "error", "truncated", "stall", "500"];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task FailedOrPartialAnswer_IsNeverGivenAgain(string name)
    {
        await using var vllm = await StartAsync();
        await using var proxy = await StartProxyAsync(vllm, ("Timeouts:BetweenBytesSeconds", "1"));
        const string Body = """{"model":"test-model","stream":true,"seed":1,"max_tokens":6,"messages":[{"role":"user","content":"hi"}]}""";
        vllm.Faults.Next(name switch
        {
            "reset" => Fault.ResetMidStream(afterTokens: 2),
            "error" => Fault.ErrorInStream(afterTokens: 2),
            "truncated" => Fault.TruncatedBody,
            "stall" => Fault.Stall(afterTokens: 2),
            _ => Fault.Status(500),
        });

        var failed = await SendAsync(proxy.Client, ChatRequests.Path, Body);
        var whole = await SendAsync(proxy.Client, ChatRequests.Path, Body);
        var again = await SendAsync(proxy.Client, ChatRequests.Path, Body);

        Assert.Equal(("MISS", "MISS", "HIT"), (failed.Cache, whole.Cache, again.Cache));
        Assert.Contains("\"error\"", failed.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("\"error\"", again.Body, StringComparison.Ordinal);
        Assert.Equal(whole.Body, again.Body);
    }

    [Fact]
    public async Task CutBody_OfEmbeddings_IsNeverGivenAgain()
    {
        await using var vllm = await StartAsync();
        await using var proxy = await StartProxyAsync(vllm);
        vllm.Faults.Next(Fault.TruncatedBody);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => SendAsync(proxy.Client, "/v1/embeddings", Embeddings));
        var whole = await SendAsync(proxy.Client, "/v1/embeddings", Embeddings);

        Assert.Equal((HttpStatusCode.OK, "MISS"), (whole.Status, whole.Cache));
    }

    /// <summary>What cannot be read, or has a choice that was aborted, is not known to be whole.</summary>
    [Theory]
    [InlineData("/v1/embeddings", Embeddings, "\r\nContent-Encoding: gzip", "encoded")]
    [InlineData(ChatRequests.Path, """{"model":"test-model","n":2,"seed":1,"messages":[]}""", "", """{"choices":[{"index":0,"finish_reason":"stop"},{"index":1,"finish_reason":"abort"}]}""")]
    public async Task DoubtfulAnswer_IsNeverGivenAgain(string path, string body, string header, string answer)
    {
        using var server = RawServer.ThatAnswers(_ => ($"HTTP/1.1 200 OK\r\nContent-Type: application/json{header}", Encoding.UTF8.GetBytes(answer)));
        await using var proxy = await ProxyUnderTest.StartAsync(server.Address, [new("Caching:Enabled", "true"), new("Caching:Generations", "true")]);

        var first = await SendAsync(proxy.Client, path, body);
        var second = await SendAsync(proxy.Client, path, body);

        Assert.Equal((HttpStatusCode.OK, "MISS", "MISS"), (first.Status, first.Cache, second.Cache));
        Assert.Equal(first.Body, second.Body);
    }

    [Fact]
    public async Task NoStore_InTheRequest_IsHonoured()
    {
        await using var vllm = await StartAsync();
        await using var proxy = await StartProxyAsync(vllm);

        var unseen = await SendAsync(proxy.Client, "/v1/embeddings", Embeddings, "no-store");
        var first = await SendAsync(proxy.Client, "/v1/embeddings", Embeddings);
        var fresh = await SendAsync(proxy.Client, "/v1/embeddings", Embeddings, "no-cache");
        var hit = await SendAsync(proxy.Client, "/v1/embeddings", Embeddings);

        Assert.Equal((null, "MISS", "MISS", "HIT"), (unseen.Cache, first.Cache, fresh.Cache, hit.Cache));
        Assert.Equal(3, vllm.Journal.Requests.Count);
    }

    [Fact]
    public async Task EqualRequests_AtOnce_WaitForOne()
    {
        await using var vllm = await StartAsync();
        await using var proxy = await StartProxyAsync(vllm);
        vllm.Faults.Next(Fault.HangBeforeHeaders);

        var all = Enumerable.Range(0, 5).Select(_ => SendAsync(proxy.Client, "/v1/embeddings", Embeddings)).ToArray();
        await vllm.Journal.WaitForAsync(request => request.FaultStruck).WaitAsync(Patience);
        vllm.Faults.Release();
        var answers = await Task.WhenAll(all).WaitAsync(Patience);

        Assert.Single(vllm.Journal.Requests);
        Assert.Single(answers, answer => answer.Cache == "MISS");
        Assert.Equal(4, answers.Count(answer => answer.Cache == "HIT"));
        Assert.Single(answers.Select(answer => answer.Body).Distinct(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task FirstOfEqualRequests_Leaves_AndItsRequestAnswersTheOthers(string version)
    {
        await using var vllm = await StartAsync();
        var departures = new Departures();
        var log = new AccessLogRecorder();
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address, [new("Caching:Enabled", "true")], builder =>
        {
            departures.AddTo(builder);
            log.AddTo(builder);
        });
        using var client = proxy.CreateClient(version: Version.Parse(version));
        vllm.Faults.Next(Fault.HangBeforeHeaders);
        using var leaving = new CancellationTokenSource();
        var first = client.SendForStreamAsync(ChatRequests.Post("/v1/embeddings", Embeddings), leaving.Token);
        await vllm.Journal.WaitForAsync(request => request.FaultStruck).WaitAsync(Patience);
        var others = Enumerable.Range(0, 3).Select(_ => SendAsync(proxy.Client, "/v1/embeddings", Embeddings)).ToArray();
        await WaitForWaitingAsync(proxy, 3);

        await leaving.CancelAsync();
        await departures.NextAsync().WaitAsync(Patience);
        vllm.Faults.Release();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.All(await Task.WhenAll(others).WaitAsync(Patience), answer => Assert.Equal((HttpStatusCode.OK, "HIT"), (answer.Status, answer.Cache)));
        Assert.False(Assert.Single(vllm.Journal.Requests).Aborted);
        Assert.Equal("HIT", (await SendAsync(proxy.Client, "/v1/embeddings", Embeddings)).Cache);
        var lines = new[] { await log.NextAsync(), await log.NextAsync(), await log.NextAsync(), await log.NextAsync() };
        Assert.Single(lines, line => line.GetProperty("ended_by").GetString() == "client");
    }

    [Fact]
    public async Task LastOfEqualRequests_Leaves_AndFreesTheEngine()
    {
        await using var vllm = await StartAsync();
        await using var proxy = await StartProxyAsync(vllm);
        vllm.Faults.Next(Fault.HangBeforeHeaders);
        using var leaving = new CancellationTokenSource();
        var all = new List<Task> { proxy.Client.SendAsync(ChatRequests.Post("/v1/embeddings", Embeddings), leaving.Token) };
        var hanging = await vllm.Journal.WaitForAsync(request => request.FaultStruck).WaitAsync(Patience);
        all.AddRange(Enumerable.Range(0, 3).Select(_ => proxy.Client.SendAsync(ChatRequests.Post("/v1/embeddings", Embeddings), leaving.Token)));
        await WaitForWaitingAsync(proxy, 3);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(all));
        Assert.Equal(RequestEnd.Aborted, await hanging.Ended.WaitAsync(Patience));
        Assert.Single(vllm.Journal.Requests);
        Assert.Equal("MISS", (await SendAsync(proxy.Client, "/v1/embeddings", Embeddings)).Cache);
    }

    [Fact]
    public async Task OneOfEqualRequests_Leaves_AndTheFirstIsAnswered()
    {
        await using var vllm = await StartAsync();
        await using var proxy = await StartProxyAsync(vllm);
        vllm.Faults.Next(Fault.HangBeforeHeaders);
        using var leaving = new CancellationTokenSource();
        var first = SendAsync(proxy.Client, "/v1/embeddings", Embeddings);
        await vllm.Journal.WaitForAsync(request => request.FaultStruck).WaitAsync(Patience);
        var second = proxy.Client.SendAsync(ChatRequests.Post("/v1/embeddings", Embeddings), leaving.Token);
        await WaitForWaitingAsync(proxy, 1);

        await leaving.CancelAsync();
        await WaitForWaitingAsync(proxy, 0);
        vllm.Faults.Release();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Equal((HttpStatusCode.OK, "MISS"), ((await first).Status, (await first).Cache));
        Assert.Single(vllm.Journal.Requests);
    }

    /// <summary>A hit takes no time of a GPU, so it takes no tokens; but it is a request.</summary>
    [Fact]
    public async Task Hit_CountsAsARequestAndTakesNoTokens()
    {
        await using var vllm = await StartAsync();
        await using var proxy = await StartProxyAsync(vllm, ("ApiKeys:test:RequestsPerMinute", "6"), ("ApiKeys:test:TokensPerDay", "1000"));
        var standings = new List<(string Requests, string Tokens)>();
        for (var i = 0; i < 4; i++)
        {
            using var response = await proxy.Client.SendAsync(ChatRequests.Post("/v1/embeddings", Embeddings));
            Assert.Equal(i == 0 ? "MISS" : "HIT", Assert.Single(response.Headers.GetValues("X-Cache")));
            standings.Add((response.Headers.GetValues("x-ratelimit-remaining-requests").Single(), response.Headers.GetValues("x-ratelimit-remaining-tokens").Single()));
        }

        Assert.Equal(["5", "4", "3", "2"], standings.Select(standing => standing.Requests));
        Assert.Equal(standings[1].Tokens, standings[3].Tokens);
    }

    private static Task<SimulatedVllm> StartAsync() => SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });

    private static Task<ProxyUnderTest> StartProxyAsync(SimulatedVllm vllm, params (string Key, string Value)[] settings) => ProxyUnderTest.StartAsync(
        vllm.Address,
        [
            new("Caching:Enabled", "true"), new("Caching:Generations", "true"),
            .. settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value)),
        ]);

    private static async Task WaitForWaitingAsync(ProxyUnderTest proxy, int count)
    {
        using var timeout = new CancellationTokenSource(Patience);
        while (proxy.Services.GetRequiredService<Flights>().Waiting != count)
        {
            timeout.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static async Task<(HttpStatusCode Status, string? Cache, string? MediaType, string Body)> SendAsync(
        HttpClient client, string path, string body, string? cacheControl = null)
    {
        using var request = ChatRequests.Post(path, body);
        if (cacheControl is not null)
        {
            request.Headers.Add("Cache-Control", cacheControl);
        }

        using var response = await client.SendAsync(request).WaitAsync(Patience);
        var cache = response.Headers.TryGetValues("X-Cache", out var values) ? values.Single() : null;
        return (response.StatusCode, cache, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync());
    }
}
