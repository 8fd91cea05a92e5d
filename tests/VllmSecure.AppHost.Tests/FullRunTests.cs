using Aspire.Hosting.Testing;

namespace VllmSecure.AppHost.Tests;

/// <summary>The stack for real: Aspire's orchestrator and dashboard, the proxy, the simulated vLLM.</summary>
public sealed class FullRunTests(RunningApplication stack) : IClassFixture<RunningApplication>
{
    [Fact]
    public async Task Run_ModelLoaded_EverythingIsHealthy()
    {
        var notifications = stack.Application.ResourceNotifications;

        await notifications.WaitForResourceHealthyAsync("vllm").WaitAsync(RunningApplication.Patience);
        await notifications.WaitForResourceHealthyAsync("proxy").WaitAsync(RunningApplication.Patience);
    }

    [Fact]
    public async Task TestPrompt_Command_StreamsThroughHttpsAndCounts()
    {
        var result = await stack.ExecuteAsync("proxy", "test-prompt");

        Assert.True(result.Success, result.Message);
        Assert.Matches(@"^\d+ \+ \d+ tokens, first token after \d+ ms", result.Message);
        Assert.EndsWith(result.Message!, result.Data!.Value);
    }

    [Fact]
    public async Task ClientSetup_Command_ShowsAddressKeyAndModel()
    {
        var result = await stack.ExecuteAsync("proxy", "client-setup");

        Assert.True(result.Success, result.Message);
        Assert.Contains(stack.Application.GetEndpoint("proxy", "https").GetLeftPart(UriPartial.Authority) + "/v1", result.Data!.Value);
        Assert.Contains(RunningApplication.ApiKey, result.Data.Value);
        Assert.Contains("Qwen/Qwen3-0.6B", result.Data.Value);
    }

    [Fact]
    public async Task EngineLoad_Command_ReadsTheMetrics()
    {
        var result = await stack.ExecuteAsync("vllm", "engine-load");

        Assert.True(result.Success, result.Message);
        Assert.Matches(@"^\d+ running, \d+ waiting, KV cache \d+ % full$", result.Message);
    }

    [Fact]
    public async Task Prompt_Answered_IsFoundAsATraceThroughTheDashboard()
    {
        await stack.ExecuteAsync("proxy", "test-prompt");

        var spans = await stack.ReadSpansAsync("proxy", spans => ForwardOf(spans) is not null);

        // One trace: what the proxy answered, and in it what it asked vLLM.
        var forward = ForwardOf(spans)!;
        var request = Assert.Single(spans, span => span.SpanId == forward.ParentSpanId);
        Assert.Equal(DashboardSpan.Server, request.Kind);
        Assert.Equal(request.TraceId, forward.TraceId);
    }

    [Fact]
    public async Task Redirect_PlainHttp_LeadsToThePortOutside()
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = stack.Application.GetEndpoint("proxy", "http") };

        using var response = await client.GetAsync(new Uri("/v1/models", UriKind.Relative)).WaitAsync(RunningApplication.Patience);

        Assert.Equal(new Uri(stack.Application.GetEndpoint("proxy", "https"), "/v1/models"), response.Headers.Location);
    }

    /// <summary>The proxy's call of vLLM within a request that has been reported too.</summary>
    private static DashboardSpan? ForwardOf(IReadOnlyList<DashboardSpan> spans) => spans.FirstOrDefault(span =>
        span.Kind == DashboardSpan.Client
        && span.Attributes.TryGetValue("url.full", out var url) && url.EndsWith("/v1/chat/completions", StringComparison.Ordinal)
        && spans.Any(parent => parent.SpanId == span.ParentSpanId));
}
