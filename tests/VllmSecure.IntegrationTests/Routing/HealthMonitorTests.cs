using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Proxy.Routing.Servers;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests.Routing;

/// <summary>What one server does must not end or hold up the looks at the others, and a busy server is no ill one.</summary>
public sealed class HealthMonitorTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task ListingThatIsNoText_EndsNoLooksAndIsSaidOnce()
    {
        await using var odd = await ScriptedUpstream.StartAsync(path => Task.FromResult<string?>("""{"data":[{"id":"\ud800"}]}"""));
        await using var vllm = await StartVllmAsync();
        await using var proxy = await StartAsync(
        [
            new("Upstreams:odd:Address", odd.Address),
            new("Upstreams:vllm:Address", vllm.Address.ToString()),
            new("Routing:Health:IntervalSeconds", "1"),
            new("Logging:LogLevel:VllmSecure.Proxy.Routing.Health", "Information"),
        ]);

        await UntilLookedAtAsync(vllm, times: 3);
        using var models = await proxy.Client.GetAsync("/v1/models");

        Assert.Equal(HttpStatusCode.OK, models.StatusCode);
        Assert.Contains(ChatRequests.Model, await models.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var said = Assert.Single(proxy.Services.GetFakeLogCollector().GetSnapshot(), record => record.Id.Name == "ServerLookFailed");
        Assert.Equal("Looking at the model server odd failed: its /v1/models is no model listing", said.Message);
    }

    [Theory]
    [InlineData("""{"data":[{"id":"a","owned_by":"\ud800"}]}""")]
    [InlineData("""{"data":[{"id":"a","\udc00":1}]}""")]
    public async Task ListingWithAMemberThatIsNoText_IsNoListing(string listing)
    {
        await using var odd = await ScriptedUpstream.StartAsync(path => Task.FromResult<string?>(listing));
        await using var vllm = await StartVllmAsync();
        await using var proxy = await StartAsync([new("Upstreams:odd:Address", odd.Address), new("Upstreams:vllm:Address", vllm.Address.ToString())]);

        using var models = await proxy.Client.GetAsync("/v1/models");

        Assert.Equal(HttpStatusCode.OK, models.StatusCode);
    }

    /// <summary>Whoever asks whether the proxy is ready waits a second or so (Kubernetes), and no client waits long for a list.</summary>
    [Fact]
    public async Task ServerThatIsKnownToHang_HoldsUpNeitherReadinessNorTheModels()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var asked = new TaskCompletionSource();
        await using var hung = await ScriptedUpstream.StartAsync(_ =>
        {
            asked.TrySetResult();
            return new TaskCompletionSource<string?>().Task;
        });
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        await using var proxy = await ProxyUnderTest.StartAsync(
            vllm.Address, [new("Upstreams:hung:Address", hung.Address)], builder => builder.Services.AddSingleton<TimeProvider>(clock));
        proxy.Server("hung").LastLook = new ServerLook(clock.GetTimestamp(), "it does not answer in time");
        using var management = new HttpClient { BaseAddress = proxy.Addresses.Management };

        var answer = management.GetAsync("/health/ready");
        await asked.Task.WaitAsync(Patience);
        clock.Advance(TimeSpan.FromMilliseconds(600));
        using var ready = await answer.WaitAsync(Patience);

        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    [Fact]
    public async Task ServerThatHangs_HoldsUpNoOther()
    {
        await using var hung = await ScriptedUpstream.StartAsync(path => new TaskCompletionSource<string?>().Task);
        await using var vllm = await StartVllmAsync();
        await using var proxy = await StartAsync([
            new("Upstreams:hung:Address", hung.Address), new("Upstreams:vllm:Address", vllm.Address.ToString()),
            new("Routing:Health:IntervalSeconds", "1"), new("Routing:Health:TimeoutSeconds", "120")]);

        await UntilLookedAtAsync(vllm, times: 3);
    }

    [Fact]
    public async Task ModelsThatDoNotCome_EndTheLookAfterItsTimeout()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var asked = new TaskCompletionSource();
        await using var hung = await ScriptedUpstream.StartAsync(path =>
        {
            if (path != "/v1/models")
            {
                return Task.FromResult<string?>(string.Empty);
            }

            asked.TrySetResult();
            return new TaskCompletionSource<string?>().Task;
        });
        await using var proxy = await StartAsync([new("Upstreams:hung:Address", hung.Address), new("Routing:Health:TimeoutSeconds", "1")], clock);

        var look = proxy.LookAsync(proxy.Server("hung"));
        await asked.Task.WaitAsync(Patience);
        clock.Advance(TimeSpan.FromSeconds(1));
        await look;

        Assert.Equal("it does not answer in time", proxy.Server("hung").LastLook?.Failure);
    }

    [Fact]
    public async Task Generate_OnAnEngineBusyWithALongAnswer_KeepsItInService()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions
        {
            Models = [ChatRequests.Model],
            MaxRunningSequences = 1,
            InterTokenLatency = TimeSpan.FromMilliseconds(20),
            OutputTokens = 10_000,
        });
        await using var proxy = await StartAsync([
            new("Upstreams:vllm:Address", vllm.Address.ToString()), new("Routing:Health:Generate", "true"), new("Routing:Health:TimeoutSeconds", "1"), new("Routing:Health:Failures", "2")]);
        using var answer = await proxy.Client.SendForStreamAsync(ChatRequests.Chat(stream: true, maxTokens: 10_000));
        await vllm.Journal.WaitForAsync(request => request.Method == "POST").WaitAsync(Patience);

        await proxy.LookAtAllAsync();
        await proxy.LookAtAllAsync();

        Assert.True(proxy.Server("vllm").Breaker.IsAvailable);
        Assert.Equal(1, vllm.Load.Running);
    }

    [Fact]
    public async Task Generate_OnAServerOfEmbeddings_KeepsItInService()
    {
        await using var embeddings = await ScriptedUpstream.StartAsync(path => Task.FromResult(path == "/v1/completions" ? null : ScriptedUpstream.Listing));
        await using var proxy = await StartAsync([new("Upstreams:vllm:Address", embeddings.Address), new("Routing:Health:Generate", "true"), new("Routing:Health:Failures", "2")]);

        await proxy.LookAtAllAsync();
        await proxy.LookAtAllAsync();

        Assert.True(proxy.Server("vllm").Breaker.IsAvailable);
    }

    private static Task<SimulatedVllm> StartVllmAsync() => SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });

    private static Task<ProxyUnderTest> StartAsync(KeyValuePair<string, string?>[] settings, TimeProvider? clock = null) =>
        ProxyUnderTest.StartAsync(settings: settings, configure: builder =>
        {
            builder.Logging.AddFakeLogging();
            builder.Services.AddSingleton(clock ?? TimeProvider.System);
        });

    private static async Task UntilLookedAtAsync(SimulatedVllm vllm, int times)
    {
        // A request is noted on arrival; the metrics come last.
        using var timeout = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (vllm.Journal.Requests.Count(request => request.RawTarget == "/metrics") < times)
        {
            await timer.WaitForNextTickAsync(timeout.Token);
        }
    }
}
