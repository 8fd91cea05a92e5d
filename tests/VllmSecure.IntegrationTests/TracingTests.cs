using System.Diagnostics;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests;

/// <summary>A request is one trace, from the proxy's server span down to vLLM, with facts and no content.</summary>
[Collection(WholeProcess.Name)]
public sealed class TracingTests
{
    private const string ClientTraceId = "0af7651916cd43dd8448eb211c80319c";
    private const string ClientSpanId = "b7ad6b7169203331";

    [Fact]
    public async Task Stream_Answered_IsOneTraceDownToVllm()
    {
        var spans = new SpanRecorder();
        await using var vllm = await StartVllmAsync();
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address, configure: spans.AddTo);

        using var response = await proxy.Client.SendAsync(ChatRequests.Chat(stream: true, maxTokens: 5));
        await response.Content.ReadAsStringAsync();
        var server = await spans.NextRequestAsync();

        var received = Assert.Single(vllm.Journal.Requests, request => request.Path == ChatRequests.Path);
        var trace = spans.All.Where(span => span.TraceId == server.TraceId).ToList();
        var forward = Assert.Single(trace, span => span.Source.Name == "Yarp.ReverseProxy");
        var call = Assert.Single(trace, span => span.Kind == ActivityKind.Client);
        Assert.Equal($"chat {ChatRequests.Model}", server.DisplayName);
        Assert.Equal(server.SpanId, forward.ParentSpanId);
        Assert.Equal(forward.SpanId, call.ParentSpanId);
        Assert.Equal($"00-{server.TraceId}-{call.SpanId}-01", received.Header("traceparent"));
        Assert.Equal("chat", server.GetTagItem("gen_ai.operation.name"));
        Assert.Equal("vllm", server.GetTagItem("gen_ai.provider.name"));
        Assert.Equal(ChatRequests.Model, server.GetTagItem("gen_ai.request.model"));
        Assert.Equal(ChatRequests.Model, server.GetTagItem("gen_ai.response.model"));
        Assert.Equal((long)received.PromptTokens, server.GetTagItem("gen_ai.usage.input_tokens"));
        Assert.Equal((long)received.TokensGenerated, server.GetTagItem("gen_ai.usage.output_tokens"));
        Assert.Equal(["length"], Assert.IsType<string[]>(server.GetTagItem("gen_ai.response.finish_reasons")));
        Assert.Equal("test", server.GetTagItem("vllm_secure.key_id"));
        Assert.Equal("vllm", server.GetTagItem("vllm_secure.upstream"));
        Assert.Equal(Assert.Single(response.Headers.GetValues("X-Request-Id")), server.GetTagItem("vllm_secure.request_id"));
        Assert.Contains(server.Events, happened => happened.Name == "vllm_secure.first_token");
    }

    [Fact]
    public async Task ClientsTrace_Untrusted_IsLinkedAndNotContinued()
    {
        var spans = new SpanRecorder();
        await using var vllm = await StartVllmAsync();
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address, configure: spans.AddTo);

        using var response = await proxy.Client.SendAsync(ChatWithTrace());
        var server = await spans.NextRequestAsync();

        Assert.NotEqual(ClientTraceId, server.TraceId.ToHexString());
        Assert.Equal(default, server.ParentSpanId);
        var link = Assert.Single(server.Links);
        Assert.Equal(ClientTraceId, link.Context.TraceId.ToHexString());
        Assert.Equal(ClientSpanId, link.Context.SpanId.ToHexString());
        AssertNothingOfTheClientReached(vllm, server);
    }

    [Fact]
    public async Task ClientsTrace_Trusted_IsContinued()
    {
        var spans = new SpanRecorder();
        await using var vllm = await StartVllmAsync();
        await using var proxy = await ProxyUnderTest.StartAsync(
            vllm.Address, [new("Telemetry:TrustClientTraceContext", "true")], spans.AddTo);

        using var response = await proxy.Client.SendAsync(ChatWithTrace());
        var server = await spans.NextRequestAsync();

        Assert.Equal(ClientTraceId, server.TraceId.ToHexString());
        Assert.Equal(ClientSpanId, server.ParentSpanId.ToHexString());
        Assert.Empty(server.Links);
        Assert.StartsWith($"00-{ClientTraceId}-", Received(vllm).Header("traceparent"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sampler_SwitchedOffByTheStandardVariable_RecordsNothingAndTellsVllm()
    {
        var spans = new SpanRecorder();
        await using var vllm = await StartVllmAsync();
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address, [new("OTEL_TRACES_SAMPLER", "always_off")], spans.AddTo);

        using var response = await proxy.Client.SendAsync(ChatRequests.Chat());
        await proxy.StopAsync();

        Assert.Empty(spans.All);
        Assert.EndsWith("-00", Received(vllm).Header("traceparent"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_BreaksAfter200_IsAnErrorInTheTrace()
    {
        var spans = new SpanRecorder();
        await using var vllm = await StartVllmAsync();
        vllm.Faults.Next(Fault.ErrorInStream(afterTokens: 2));
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address, configure: spans.AddTo);

        using var response = await proxy.Client.SendAsync(ChatRequests.Chat(stream: true));
        await response.Content.ReadAsStringAsync();
        var server = await spans.NextRequestAsync();

        Assert.Equal(ActivityStatusCode.Error, server.Status);
        Assert.Equal("upstream_failed", server.GetTagItem("error.type"));
        Assert.Equal(200, server.GetTagItem("http.response.status_code"));
    }

    [Fact]
    public async Task Retry_OnAnotherServer_IsAnEventOfTheRequestsSpan()
    {
        var spans = new SpanRecorder();
        await using var broken = await StartVllmAsync();
        await using var vllm = await StartVllmAsync();
        broken.Faults.Always = Fault.ResetBeforeHeaders;
        await using var proxy = await ProxyUnderTest.StartAsync(
            broken.Address, [new("Upstreams:vllm2:Address", vllm.Address.ToString()), new("Routing:Policy", "FirstAlphabetical")], spans.AddTo);

        using var response = await proxy.Client.SendAsync(ChatRequests.Chat());
        var server = await spans.NextRequestAsync();

        Assert.True(response.IsSuccessStatusCode);
        Assert.Single(server.Events, happened => happened.Name == "vllm_secure.retry");
        Assert.Equal("vllm2", server.GetTagItem("vllm_secure.upstream"));
    }

    [Fact]
    public async Task AnswerFromTheCache_IsAnEventOfTheRequestsSpan()
    {
        var spans = new SpanRecorder();
        await using var vllm = await StartVllmAsync();
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address, [new("Caching:Enabled", "true")], spans.AddTo);
        const string Body = $$"""{"model":"{{ChatRequests.Model}}","input":"hi"}""";

        using var computed = await proxy.Client.SendAsync(ChatRequests.Post("/v1/embeddings", Body));
        var miss = await spans.NextRequestAsync();
        using var cached = await proxy.Client.SendAsync(ChatRequests.Post("/v1/embeddings", Body));
        var hit = await spans.NextRequestAsync();

        Assert.DoesNotContain(miss.Events, happened => happened.Name == "vllm_secure.cache_hit");
        Assert.Single(hit.Events, happened => happened.Name == "vllm_secure.cache_hit");
        Assert.Null(hit.GetTagItem("vllm_secure.upstream"));
    }

    [Fact]
    public async Task Probes_OfTheProxyAndOfItsOperators_AreNotTraced()
    {
        var spans = new SpanRecorder();
        await using var vllm = await StartVllmAsync();
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address, configure: spans.AddTo);
        using var operators = new HttpClient { BaseAddress = proxy.Addresses.Management };
        using var plain = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = proxy.Addresses.Http };

        foreach (var path in new[] { "/health/live", "/health/ready", "/metrics", "/status", "/nothing" })
        {
            using var probe = await operators.GetAsync(path);
        }

        using var redirected = await plain.GetAsync("/v1/models");
        using var response = await proxy.Client.SendAsync(ChatRequests.Chat());
        var server = await spans.NextRequestAsync();

        Assert.StartsWith("chat", server.DisplayName, StringComparison.Ordinal);
        Assert.All(spans.All.Where(span => !IsOfTheTests(span)), span => Assert.Equal(server.TraceId, span.TraceId));
    }

    /// <summary>The tests' own HttpClient is in the same process; its calls belong to no request either, but for the linked ones.</summary>
    private static bool IsOfTheTests(Activity span) => span.Kind == ActivityKind.Client && span.Parent is null;

    private static Task<SimulatedVllm> StartVllmAsync() =>
        SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });

    private static HttpRequestMessage ChatWithTrace()
    {
        var request = ChatRequests.Chat();
        request.Headers.Add("traceparent", $"00-{ClientTraceId}-{ClientSpanId}-01");
        request.Headers.Add("tracestate", "vendor=canary");
        request.Headers.Add("baggage", "user=canary");
        return request;
    }

    private static RecordedRequest Received(SimulatedVllm vllm) =>
        Assert.Single(vllm.Journal.Requests, request => request.Path == ChatRequests.Path);

    private static void AssertNothingOfTheClientReached(SimulatedVllm vllm, Activity server)
    {
        var received = Received(vllm);
        Assert.StartsWith($"00-{server.TraceId}-", received.Header("traceparent"), StringComparison.Ordinal);
        Assert.Null(received.Header("tracestate"));
        Assert.Null(received.Header("baggage"));
    }
}
