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
        Assert.NotEmpty(result.Data!.Value);
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

        var spans = await stack.ReadSpansAsync("proxy", span => span.Contains("chat", StringComparison.OrdinalIgnoreCase));

        Assert.NotEmpty(spans);
    }
}
