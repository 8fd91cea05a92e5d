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
    public async Task Links_Proxy_AreNamed()
    {
        var state = await stack.Application.ResourceNotifications
            .WaitForResourceAsync("proxy", state => state.Snapshot.Urls.Any(url => url.DisplayProperties.DisplayName == "Endpoint"))
            .WaitAsync(RunningApplication.Patience);

        Assert.Equal(["Endpoint", "Metrics", "Models", "Redirect to https"], state.Snapshot.Urls.Select(url => url.DisplayProperties.DisplayName).Order());
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

    /// <summary>The proxy made an authority, or Aspire handed it ASP.NET Core's certificate; then a file that another run left there is not named.</summary>
    [Fact]
    public async Task ClientSetup_Certificate_IsTheOneThatIsServed()
    {
        var made = File.Exists(stack.Authority);
        if (!made)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(stack.Authority)!);
            await File.WriteAllTextAsync(stack.Authority, string.Empty);
        }

        var result = await stack.ExecuteAsync("proxy", "client-setup");

        Assert.Contains(made ? $"SSL_CERT_FILE='{stack.Authority}' " : "ASP.NET Core's developer certificate", result.Data!.Value);
    }

    [Fact]
    public async Task CreateKey_Command_MakesAKeyInTheDataDirectory()
    {
        var result = await stack.ExecuteAsync("proxy", "create-key", "name", "vscode");

        Assert.True(result.Success, result.Message);
        Assert.Contains("'vscode' is made", result.Message);
        Assert.NotEmpty(result.Data!.Value);
    }

    [Fact]
    public async Task CreateKey_NameTwice_SaysWhatIsWrong()
    {
        await stack.ExecuteAsync("proxy", "create-key", "name", "twice");

        var result = await stack.ExecuteAsync("proxy", "create-key", "name", "twice");

        Assert.False(result.Success);
        Assert.Contains("twice", result.Message);
    }

    /// <summary>A developer's certificate is not the CA's to renew; with a CA it is the command that <c>RenewalTests</c> run against one.</summary>
    [Fact]
    public async Task RenewCertificate_DevelopmentCertificate_SaysWhoseAreRenewed()
    {
        var result = await stack.ExecuteAsync("proxy", "renew-certificate");

        Assert.False(result.Success);
        Assert.Contains("Tls:Source=Acme", result.Message);
    }

    [Fact]
    public async Task Drain_Command_TurnsRequestsAwayUntilUndrained()
    {
        var drained = await stack.ExecuteAsync("proxy", "drain");
        var refused = await stack.ExecuteAsync("proxy", "test-prompt");
        var undrained = await stack.ExecuteAsync("proxy", "undrain");
        var served = await stack.ExecuteAsync("proxy", "test-prompt");

        Assert.True(drained.Success, drained.Message);
        Assert.StartsWith("Draining: new requests get 503, 0 still", drained.Data!.Value);
        Assert.False(refused.Success);
        Assert.Contains("503", refused.Message);
        Assert.True(undrained.Success, undrained.Message);
        Assert.True(served.Success, served.Message);
    }

    /// <summary>As while it loads its model: nothing of Aspire may take the connection in its place and keep it waiting.</summary>
    [Fact]
    public async Task TestPrompt_VllmDoesNotListen_IsTurnedAwayAtOnce()
    {
        var stopped = await stack.ExecuteAsync("vllm", KnownResourceCommands.StopCommand);
        var refused = await stack.ExecuteAsync("proxy", "test-prompt");
        var started = await stack.ExecuteAsync("vllm", KnownResourceCommands.StartCommand);
        await stack.Application.ResourceNotifications.WaitForResourceHealthyAsync("vllm").WaitAsync(RunningApplication.Patience);
        await stack.Application.ResourceNotifications.WaitForResourceHealthyAsync("proxy").WaitAsync(RunningApplication.Patience);

        Assert.True(stopped.Success, stopped.Message);
        Assert.False(refused.Success);
        Assert.Contains("upstream_loading", refused.Message);
        Assert.True(started.Success, started.Message);
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

        var spans = await stack.ReadSpansAsync("proxy", spans => ChatOf(spans) is { } chat && ForwardOf(spans, chat) is not null);

        // One trace: what the proxy answered, with what the model did, and in it what it asked vLLM.
        var chat = ChatOf(spans)!;
        Assert.Equal(DashboardSpan.Server, chat.Kind);
        Assert.Equal("Qwen/Qwen3-0.6B", chat.Attributes["gen_ai.request.model"]);
        Assert.Equal("vllm", chat.Attributes["gen_ai.provider.name"]);
        Assert.Equal("apphost", chat.Attributes["vllm_secure.key_id"]);
        Assert.Equal(chat.TraceId, ForwardOf(spans, chat)!.TraceId);

        // What was said is in none of them, though Aspire asks for it.
        Assert.DoesNotContain(spans, span => span.Attributes.Values.Any(value => value.Contains("Say hello", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Redirect_PlainHttp_LeadsToThePortOutside()
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = stack.Application.GetEndpoint("proxy", "http") };

        using var response = await client.GetAsync(new Uri("/v1/models", UriKind.Relative)).WaitAsync(RunningApplication.Patience);

        Assert.Equal(new Uri(stack.Application.GetEndpoint("proxy", "https"), "/v1/models"), response.Headers.Location);
    }

    private static DashboardSpan? ChatOf(IReadOnlyList<DashboardSpan> spans) => spans.FirstOrDefault(span =>
        span.Attributes.TryGetValue("gen_ai.operation.name", out var operation) && operation == "chat");

    /// <summary>The proxy's call of vLLM within the answer of a request; the forwarder has a span between the two.</summary>
    private static DashboardSpan? ForwardOf(IReadOnlyList<DashboardSpan> spans, DashboardSpan chat) => spans.FirstOrDefault(span =>
        span.Kind == DashboardSpan.Client
        && spans.Any(forwarder => forwarder.SpanId == span.ParentSpanId && forwarder.ParentSpanId == chat.SpanId));
}
