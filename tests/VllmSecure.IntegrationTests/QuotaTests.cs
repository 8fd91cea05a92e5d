using System.Globalization;
using System.Net;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests;

/// <summary>Limits hold on real connections, and clients are told how they stand.</summary>
public sealed class QuotaTests
{
    [Fact]
    public async Task Requests_BeyondTheLimit_Answer429WithWhatSdksBackOffBy()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address, [new("ApiKeys:test:RequestsPerMinute", "2")]);

        using var first = await proxy.Client.SendAsync(ChatRequests.Chat());
        using var second = await proxy.Client.SendAsync(ChatRequests.Chat());
        using var third = await proxy.Client.SendAsync(ChatRequests.Chat());

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal("2", Header(first, "x-ratelimit-limit-requests"));
        Assert.Equal("1", Header(first, "x-ratelimit-remaining-requests"));
        Assert.EndsWith("s", Header(first, "x-ratelimit-reset-requests"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        Assert.InRange(third.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 30);
        Assert.Equal("rate_limit_exceeded", await third.ErrorCodeAsync());
        Assert.Equal(2, vllm.Journal.Requests.Count);
    }

    [Fact]
    public async Task NothingLimited_Answer_HasNoRateLimitHeaders()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);

        using var response = await proxy.Client.SendAsync(ChatRequests.Chat());

        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("x-ratelimit", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("1.1", true)]
    [InlineData("1.1", false)]
    [InlineData("2.0", true)]
    [InlineData("2.0", false)]
    public async Task Slot_OfAStream_IsFreeOnceItEndsOrItsClientLeaves(string version, bool leaves)
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        vllm.Faults.Next(Fault.Stall(afterTokens: 2));
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address, [new("ApiKeys:test:MaxConcurrent", "1")]);
        using var client = proxy.CreateClient(version: Version.Parse(version));
        using var stream = await client.SendForStreamAsync(ChatRequests.Chat(stream: true));
        using var refused = await client.SendForStreamAsync(ChatRequests.Chat());
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);

        if (leaves)
        {
            stream.Dispose();
        }
        else
        {
            var end = stream.Content.ReadAsByteArrayAsync();
            await vllm.ReleaseUntilAsync(end);
        }

        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        HttpStatusCode status;
        do
        {
            using var next = await client.SendForStreamAsync(ChatRequests.Chat(), timeout.Token);
            status = next.StatusCode;
        }
        while (status == HttpStatusCode.TooManyRequests);

        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tokens_OfAnAnswer_AreSettledByVllmsOwnCount(bool stream)
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model], OutputTokens = 5 });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address, [new("ApiKeys:test:TokensPerDay", "100000")]);

        // The client asks for no usage in the stream: the proxy does, and keeps it to itself.
        using var response = await proxy.Client.SendForStreamAsync(ChatRequests.Chat(stream, maxTokens: 500));
        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal(!stream, text.Contains("\"usage\":{", StringComparison.Ordinal));

        var sent = Assert.Single(vllm.Journal.Requests);
        Assert.Equal(5, sent.TokensGenerated);
        var used = sent.PromptTokens + sent.TokensGenerated;
        await AssertUsedAsync(proxy, "test", used);
        using var next = await proxy.Client.SendAsync(ChatRequests.Chat(maxTokens: 0));
        Assert.InRange(long.Parse(Header(next, "x-ratelimit-remaining-tokens"), CultureInfo.InvariantCulture), 100_000 - used - 100, 100_000 - used);
    }

    [Fact]
    public async Task TokensOfTheDay_AfterARestart_AreStillUsed()
    {
        var data = Directory.CreateTempSubdirectory("vllm-secure-test-");
        KeyValuePair<string, string?>[] settings = [new("ApiKeys:test:TokensPerDay", "1000"), new("DataDirectory", data.FullName)];
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model], OutputTokens = 700 });
        await using (var first = await ProxyUnderTest.StartAsync(vllm.Address, settings))
        {
            using var response = await first.Client.SendAsync(ChatRequests.Chat(maxTokens: 700));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            await first.StopAsync();
        }

        await using (var second = await ProxyUnderTest.StartAsync(vllm.Address, settings))
        {
            using var refused = await second.Client.SendAsync(ChatRequests.Chat(maxTokens: 700));
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.Contains("1000 tokens a day", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            using var small = await second.Client.SendAsync(ChatRequests.Chat(maxTokens: 10));
            Assert.Equal(HttpStatusCode.OK, small.StatusCode);
        }

        data.Delete(recursive: true);
    }

    [Fact]
    public async Task Model_NotOfTheKey_Is403BeforeAnythingIsCounted()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model, "other"] });
        await using var proxy = await ProxyUnderTest.StartAsync(
            vllm.Address, [new("ApiKeys:test:Models", "test-*"), new("ApiKeys:test:RequestsPerMinute", "1")]);

        using var refused = await proxy.Client.SendAsync(
            ChatRequests.Post(ChatRequests.Path, """{"model":"other","messages":[{"role":"user","content":"hi"}]}"""));
        using var unnamed = await proxy.Client.SendAsync(
            ChatRequests.Post(ChatRequests.Path, """{"messages":[{"role":"user","content":"hi"}]}"""));
        using var allowed = await proxy.Client.SendAsync(ChatRequests.Chat());

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal("model_not_allowed", await refused.ErrorCodeAsync());
        Assert.Equal(HttpStatusCode.Forbidden, unnamed.StatusCode);
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        Assert.Single(vllm.Journal.Requests);
    }

    private static async Task AssertUsedAsync(ProxyUnderTest proxy, string subject, long tokens)
    {
        await proxy.WaitUntilIdleAsync("test", 1);
        Assert.Equal(tokens, proxy.CountedTokens()[subject]);
    }

    private static string Header(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));
}
