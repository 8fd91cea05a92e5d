using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Proxy.Routing.Admission;
using VllmSecure.Proxy.Routing.Servers;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests.Routing;

/// <summary>Requests that wait while servers go, come and fall ill. Each engine runs one request, and one more may wait in it.</summary>
public sealed class AdmissionFleetTests : IAsyncLifetime
{
    private const int Queued = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private readonly ChangingConfiguration _configuration = new();
    private readonly List<Task<HttpResponseMessage>> _answers = [];
    private readonly SimulatedVllm[] _vllms = new SimulatedVllm[2];
    private ProxyUnderTest _proxy = null!;

    private AdmissionGate Gate => _proxy.Services.GetRequiredService<AdmissionGate>();

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < _vllms.Length; i++)
        {
            _vllms[i] = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model], MaxRunningSequences = 1 });
        }

    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        foreach (var vllm in _vllms)
        {
            await vllm.DisposeAsync();
        }
    }

    [Fact]
    public async Task Drain_OfAFullServer_LetsNothingOnToTheOtherThatIsFull()
    {
        await StartAsync(servers: 2);
        await FillAsync(servers: 2);
        var drained = _proxy.Server("s0");

        _proxy.Services.GetRequiredService<UpstreamServers>().TryDrain("s0");
        await _vllms[0].ReleaseUntilAsync(UntilAsync(() => drained.Requests == 0));
        Gate.Update();

        Assert.Equal(Queued, Gate.Waiting);
        Assert.Equal(2, _proxy.Server("s1").Requests);
        await AnswerAllAsync();
    }

    [Fact]
    public async Task Look_ThatFails_LetsNothingOnWhileAnotherServerIsInSight()
    {
        await StartAsync(servers: 2);
        await FillAsync(servers: 2);

        _vllms[0].Faults.EngineDead = true;
        await _proxy.LookAsync(_proxy.Server("s0"));
        Gate.Update();
        var waitingForOne = Gate.Waiting;
        _vllms[1].Faults.EngineDead = true;
        await _proxy.LookAsync(_proxy.Server("s1"));
        Gate.Update();

        // Not knowing must not become an outage: without any server in sight nothing waits.
        Assert.Equal((Queued, 0), (waitingForOne, Gate.Waiting));
        await AnswerAllAsync();
    }

    [Fact]
    public async Task ServerThatJoins_GetsThoseThatWait_OnceItWasLookedAt()
    {
        await StartAsync(servers: 1);
        await FillAsync(servers: 1);

        _configuration.Change(("Upstreams:s1:Address", _vllms[1].Address.ToString()));
        await UntilAsync(() => _proxy.Services.GetRequiredService<UpstreamServers>().All.Count == 2);
        Gate.Update();
        var waitingBefore = Gate.Waiting;
        await _proxy.LookAsync(_proxy.Server("s1"));
        Gate.Update();

        Assert.Equal((Queued, 0), (waitingBefore, Gate.Waiting));
        var answers = await Task.WhenAll(_answers[^Queued..]).WaitAsync(Patience);
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(Queued, _vllms[1].Journal.Requests.Count(request => request.Method == "POST"));
        await AnswerAllAsync();
    }

    private async Task StartAsync(int servers)
    {
        for (var i = 0; i < servers; i++)
        {
            _configuration.Change(($"Upstreams:s{i}:Address", _vllms[i].Address.ToString()));
        }

        _proxy = await ProxyUnderTest.StartAsync(
            settings: [new("Admission:MaxEngineQueue", "1"), new("Routing:Policy", "LeastLoad")],
            configure: builder =>
            {
                _configuration.AddTo(builder);
                builder.Services.AddSingleton<TimeProvider>(_clock);
            });
    }

    /// <summary>Every engine runs a request that stalls and has one in its queue; more of them wait in the proxy.</summary>
    private async Task FillAsync(int servers)
    {
        foreach (var vllm in _vllms[..servers])
        {
            vllm.Faults.Next(Fault.Stall(afterTokens: 1));
        }

        for (var sent = 1; sent <= 2 * servers; sent++)
        {
            _answers.Add(_proxy.Client.SendAsync(ChatRequests.Chat(prompt: "fill")));
            await UntilAsync(() => _vllms.Sum(vllm => vllm.Load.Running + vllm.Load.Waiting) == sent);
        }

        Assert.All(_vllms[..servers], vllm => Assert.Equal((1, 1), vllm.Load));
        await _proxy.LookAtAllAsync();
        for (var waiting = 1; waiting <= Queued; waiting++)
        {
            _answers.Add(_proxy.Client.SendAsync(ChatRequests.Chat(prompt: "queued")));
            await UntilAsync(() => Gate.Waiting == waiting);
        }
    }

    private async Task AnswerAllAsync()
    {
        var all = Task.WhenAll(_answers).WaitAsync(Patience);
        await Task.WhenAll(_vllms.Select(vllm => vllm.ReleaseUntilAsync(all)));
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var timeout = new CancellationTokenSource(Patience);
        while (!condition())
        {
            timeout.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
