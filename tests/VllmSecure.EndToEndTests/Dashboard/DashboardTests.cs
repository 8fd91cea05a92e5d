using System.ClientModel;
using System.Globalization;
using Microsoft.Playwright;
using OpenAI.Chat;
using VllmSecure.Simulator;

namespace VllmSecure.EndToEndTests.Dashboard;

/// <summary>What an OpenAI client did is found in the real Aspire dashboard, and what it said is not.</summary>
public sealed class DashboardTests
{
    private const string Model = "org/dashboard-model";
    private const string Canary = "canary7secret";

    [Fact]
    public async Task Stream_OfAnOpenAIClient_IsOneTraceWithVllmsNumbers()
    {
        await using var dashboard = await AspireDashboard.StartAsync();
        await using var vllm = await StartVllmAsync();
        await using var proxy = await ExportingProxy.StartAsync(vllm.Address, dashboard.Otlp);
        await StreamAsync(proxy.CreateClient(Model));
        var received = Assert.Single(vllm.Journal.Requests, request => request.Path == "/v1/chat/completions");

        var traceId = await dashboard.FindTraceAsync("vllm_secure.request_id", received.Header("X-Request-Id")!);
        var trace = (await dashboard.GetTraceAsync(traceId)).Where(span => span.Service == "vllm-secure").ToList();

        var server = Assert.Single(trace, span => span.ParentSpanId is null or "");
        var forward = Assert.Single(trace, span => span.ParentSpanId == server.SpanId);
        var call = Assert.Single(trace, span => span.ParentSpanId == forward.SpanId);
        Assert.Equal($"chat {Model}", server.Name);
        Assert.Equal($"00-{traceId}-{call.SpanId}-01", received.Header("traceparent"));
        Assert.Equal("chat", server.Attribute("gen_ai.operation.name"));
        Assert.Equal("vllm", server.Attribute("gen_ai.provider.name"));
        Assert.Equal(Model, server.Attribute("gen_ai.request.model"));
        Assert.Equal(Text(received.PromptTokens), server.Attribute("gen_ai.usage.input_tokens"));
        Assert.Equal(Text(received.TokensGenerated), server.Attribute("gen_ai.usage.output_tokens"));
        Assert.Equal("alice", server.Attribute("vllm_secure.key_id"));
        Assert.Contains("vllm_secure.first_token", server.Events);
        var waited = double.Parse(server.Attribute("vllm_secure.time_to_first_token")!, CultureInfo.InvariantCulture);
        Assert.InRange(waited, received.TimeToFirstToken!.Value.TotalSeconds, 60);
    }

    [Fact]
    public async Task Pages_SeenInABrowser_ShowTheTraceAndTheMetrics()
    {
        await using var dashboard = await AspireDashboard.StartAsync();
        await using var browser = await Browser.StartAsync();
        await using var vllm = await StartVllmAsync();
        await using var proxy = await ExportingProxy.StartAsync(vllm.Address, dashboard.Otlp);
        await StreamAsync(proxy.CreateClient(Model));
        var received = Assert.Single(vllm.Journal.Requests, request => request.Path == "/v1/chat/completions");
        var traceId = await dashboard.FindTraceAsync("vllm_secure.request_id", received.Header("X-Request-Id")!);

        var trace = await browser.OpenAsync(new Uri(dashboard.Frontend, $"/traces/detail/{traceId}"));
        await trace.GetByText($"chat {Model}").First.WaitForAsync();
        await trace.GetByText("proxy.forwarder").First.WaitForAsync();
        await Browser.TakePictureAsync(trace, "dashboard-trace");

        var metrics = await browser.OpenAsync(new Uri(dashboard.Frontend, "/metrics/resource/vllm-secure"));
        foreach (var name in new[] { "gen_ai.server.request.duration", "gen_ai.server.time_to_first_token", "gen_ai.client.token.usage", "vllm_secure.requests" })
        {
            await metrics.GetByText(name, new PageGetByTextOptions { Exact = true }).First.WaitForAsync();
        }

        await metrics.GotoAsync(new Uri(dashboard.Frontend, "/metrics/resource/vllm-secure?meter=VllmSecure.Proxy&instrument=gen_ai.server.time_to_first_token").ToString());
        await metrics.GetByText("Time from the request to its first token.").First.WaitForAsync();
        await metrics.Locator(".js-plotly-plot .plot-container").First.WaitForAsync();
        await Browser.TakePictureAsync(metrics, "dashboard-metrics");
        Assert.DoesNotContain(Canary, await trace.ContentAsync() + await metrics.ContentAsync(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Secrets_OfClients_AreNotInTheDashboard()
    {
        await using var dashboard = await AspireDashboard.StartAsync();
        await using var vllm = await StartVllmAsync(onlyWord: Canary);
        await using (var proxy = await ExportingProxy.StartAsync(vllm.Address, dashboard.Otlp))
        {
            await StreamAsync(proxy.CreateClient(Model));
            await Assert.ThrowsAsync<ClientResultException>(() => StreamAsync(proxy.CreateClient(Model, key: "sk-" + Canary)));
            await Assert.ThrowsAsync<ClientResultException>(() => StreamAsync(proxy.CreateClient(Canary)));
            vllm.Faults.Next(Fault.ResetBeforeHeaders);
            await Assert.ThrowsAsync<ClientResultException>(() => StreamAsync(proxy.CreateClient(Model)));
        }

        // Disposing the proxy has sent what was left.
        await dashboard.FindTraceAsync("vllm_secure.outcome", "upstream_failed");
        var everything = await dashboard.GetEverythingAsync();

        Assert.Contains("gen_ai.request.model", everything, StringComparison.Ordinal);
        Assert.Contains("invalid_api_key", everything, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, everything, StringComparison.OrdinalIgnoreCase);
    }

    private static Task<SimulatedVllm> StartVllmAsync(string? onlyWord = null) => SimulatedVllm.StartAsync(new SimulatorOptions
    {
        OnlyWord = onlyWord,
        Models = [Model],
        TimeToFirstToken = TimeSpan.FromMilliseconds(40),
        InterTokenLatency = TimeSpan.FromMilliseconds(2),
    });

    private static async Task StreamAsync(ChatClient client)
    {
        await foreach (var _ in client.CompleteChatStreamingAsync([new UserChatMessage($"Tell me a {Canary}.")], new ChatCompletionOptions { MaxOutputTokenCount = 12 }))
        {
            // Read to the end.
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
