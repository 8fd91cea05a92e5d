using System.Net;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.IntegrationTests.Routing;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests;

/// <summary>What <c>/metrics</c> says is what happened, in labels that a client cannot multiply.</summary>
[Collection(WholeProcess.Name)]
public sealed class MetricsTests
{
    [Fact]
    public async Task Scrape_AfterAStream_CountsVllmsTokensExactly()
    {
        // Some time between tokens, so that the first and the last do not come in one read.
        await using var vllm = await SimulatedVllm.StartAsync(
            new SimulatorOptions { Models = [ChatRequests.Model], InterTokenLatency = TimeSpan.FromMilliseconds(20) });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);
        var before = await ScrapeAsync(proxy);

        using var response = await proxy.Client.SendAsync(ChatRequests.Chat(stream: true, maxTokens: 5));
        await response.Content.ReadAsStringAsync();
        var received = Assert.Single(vllm.Journal.Requests, request => request.Path == ChatRequests.Path);

        // A scrape does not freeze the instruments: it may come between two of them.
        string[] counted =
        [
            "vllm_secure_requests_total", "gen_ai_server_request_duration_seconds_count", "gen_ai_server_time_to_first_token_seconds_count",
            "gen_ai_server_time_per_output_token_seconds_count",
        ];
        var after = await ScrapeUntilAsync(proxy, samples =>
            Array.TrueForAll(counted, name => Sum(samples, name) > Sum(before, name)) && Sum(samples, "vllm_secure_requests_open") == 0);

        Assert.Equal(received.PromptTokens, Tokens(after, "input") - Tokens(before, "input"));
        Assert.Equal(received.TokensGenerated, Tokens(after, "output") - Tokens(before, "output"));
        Assert.All(counted, name => Assert.Equal(1, Sum(after, name) - Sum(before, name)));
        Assert.Equal(0, Sum(after, "vllm_secure_streams_open"));
    }

    [Fact]
    public async Task Scrape_WhileAStreamRuns_ShowsItOpen()
    {
        await using var vllm = await StartVllmAsync();
        vllm.Faults.Next(Fault.Stall(afterTokens: 1));
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);

        using var response = await proxy.Client.SendForStreamAsync(ChatRequests.Chat(stream: true));

        var running = await ScrapeUntilAsync(proxy, samples => Sum(samples, "vllm_secure_streams_open") == 1);
        Assert.Equal(1, Sum(running, "vllm_secure_requests_open"));
        vllm.Faults.Release();
        await response.Content.ReadAsStringAsync();
        await ScrapeUntilAsync(proxy, samples => Sum(samples, "vllm_secure_streams_open") == 0);
    }

    [Fact]
    public async Task Scrape_AfterAStreamWithoutAByte_ShowsNoneOpen()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(_ => Task.FromResult<string?>(string.Empty), "text/event-stream");
        await using var proxy = await ProxyUnderTest.StartAsync(new Uri(upstream.Address));

        using var response = await proxy.Client.SendAsync(ChatRequests.Chat(stream: true));

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        var samples = await ScrapeUntilAsync(proxy, samples => Sum(samples, "vllm_secure_requests_total") == 1);
        Assert.Equal(0, Sum(samples, "vllm_secure_streams_open"));
    }

    [Fact]
    public async Task Scrape_ModelsThatNobodyServes_ShareOneLabel()
    {
        await using var vllm = await StartVllmAsync();
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);

        for (var number = 0; number < 5; number++)
        {
            using var response = await proxy.Client.SendAsync(ChatRequests.Post(ChatRequests.Path, $$"""{"model":"invented-{{number}}","messages":[]}"""));
        }

        using var good = await proxy.Client.SendAsync(ChatRequests.Chat());
        var samples = await ScrapeUntilAsync(proxy, samples => samples.Any(sample => sample.Label("gen_ai_request_model") == ChatRequests.Model));

        Assert.DoesNotContain(samples, sample => sample.Labels.Values.Any(value => value.Contains("invented", StringComparison.Ordinal)));
        Assert.Contains(samples, sample => sample.Label("gen_ai_request_model") == "_OTHER");
    }

    [Theory]
    [InlineData(ChatRequests.Model)]
    [InlineData("gpt-4o")]
    public async Task Scrape_ListedModelThatHasAnsweredNothingYet_IsNamed(string model)
    {
        await using var vllm = await StartVllmAsync();
        await using var proxy = await ProxyUnderTest.StartAsync(
            vllm.Address, [new("Routing:Health:IntervalSeconds", "1"), new("Routing:Aliases:gpt-4o", ChatRequests.Model)]);
        await ScrapeUntilAsync(proxy, samples => Value(samples, "vllm_secure_engine_requests_running") is not null); // Looked at.

        using var response = await proxy.Client.SendAsync(ChatRequests.Post(ChatRequests.Path, $$"""{"model":"{{model}}","messages":false}"""));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var samples = await ScrapeUntilAsync(proxy, samples => Sum(samples, "vllm_secure_requests_total") == 1);
        Assert.Equal(model, samples.Single(sample => sample.Name == "vllm_secure_requests_total").Label("gen_ai_request_model"));
    }

    [Fact]
    public async Task Scrape_Refused_NamesTheRule()
    {
        await using var vllm = await StartVllmAsync();
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);
        using var stranger = proxy.CreateClient(key: "not-a-key");

        using var response = await stranger.SendAsync(ChatRequests.Chat());
        using var admin = await proxy.Client.PostAsync("/reset_prefix_cache", content: null);
        var samples = await ScrapeUntilAsync(proxy, samples => samples.Count(sample => sample.Label("vllm_secure_outcome") == "refused") >= 2);

        Assert.Contains(samples, sample => sample.Name == "vllm_secure_requests_total" && sample.Label("vllm_secure_rule") == "invalid_api_key");
        Assert.Contains(samples, sample => sample.Name == "vllm_secure_requests_total" && sample.Label("vllm_secure_rule") == "endpoint_closed");
    }

    [Theory]
    [InlineData("/metrics")]
    [InlineData("/status")]
    [InlineData("/health/ready")]
    public async Task Management_AskedOnAnotherListener_IsNotThere(string path)
    {
        await using var vllm = await StartVllmAsync();
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);
        using var plain = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = proxy.Addresses.Http };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = $"127.0.0.1:{proxy.Addresses.Management.Port}";

        using var https = await proxy.Client.SendAsync(request);
        using var http = await plain.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, https.StatusCode);
        Assert.Equal(HttpStatusCode.PermanentRedirect, http.StatusCode);
    }

    private static Task<SimulatedVllm> StartVllmAsync() =>
        SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });

    private static double Sum(IEnumerable<PrometheusSample> samples, string name) =>
        samples.Where(sample => sample.Name == name).Sum(sample => sample.Value);

    private static double Tokens(IEnumerable<PrometheusSample> samples, string type) => samples
        .Where(sample => sample.Name == "vllm_secure_tokens_total" && sample.Label("gen_ai_token_type") == type)
        .Sum(sample => sample.Value);

    private static async Task<IReadOnlyList<PrometheusSample>> ScrapeAsync(ProxyUnderTest proxy)
    {
        using var client = new HttpClient { BaseAddress = proxy.Addresses.Management };
        return PrometheusText.Parse(await client.GetStringAsync("/metrics"));
    }

    /// <summary>Metrics are recorded a moment after the response, and scrapes are cached for a moment: asks until it is there.</summary>
    private static async Task<IReadOnlyList<PrometheusSample>> ScrapeUntilAsync(
        ProxyUnderTest proxy, Func<IReadOnlyList<PrometheusSample>, bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var samples = await ScrapeAsync(proxy);
            if (condition(samples))
            {
                return samples;
            }

            Assert.False(patience.IsCancellationRequested, "The metrics never said so.");
        }
    }

    [Fact]
    public async Task Upstream_Always_ShowsItsStateAndItsEnginesLoad()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        vllm.Faults.Next(Fault.Stall(afterTokens: 1));
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address, [new("Routing:Health:IntervalSeconds", "1")]);
        using var client = new HttpClient { BaseAddress = proxy.Addresses.Management };

        using var stream = await proxy.Client.SendForStreamAsync(ChatRequests.Chat(stream: true));
        using var guard = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        IReadOnlyList<PrometheusSample> samples;
        do
        {
            // The proxy looks at the engine once a second; each scrape is a look at what it knows.
            samples = [.. PrometheusText.Parse(await client.GetStringAsync("/metrics", guard.Token))];
        }
        while (Value(samples, "vllm_secure_engine_requests_running") != 1);

        Assert.Equal(1, Value(samples, "vllm_secure_upstream_available"));
        Assert.Equal(1, Value(samples, "vllm_secure_upstream_requests"));
        Assert.Equal(0, Value(samples, "vllm_secure_engine_requests_waiting"));
        Assert.NotNull(Value(samples, "vllm_secure_engine_cache_usage"));
    }

    private static double? Value(IEnumerable<PrometheusSample> samples, string name) =>
        samples.FirstOrDefault(sample => sample.Name.StartsWith(name, StringComparison.Ordinal))?.Value;
}
