using System.Net;
using System.Net.WebSockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Proxy.Routing.Health;
using VllmSecure.Proxy.Routing.Servers;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests.Routing;

/// <summary>What a request says about its server; two that failed in a row take it away here.</summary>
public sealed class VerdictTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private readonly AccessLogRecorder _log = new(); // A line comes when the verdict has been given.

    [Theory]
    [InlineData(500, false)]
    [InlineData(501, true)]
    [InlineData(503, true)]
    public async Task Status_OfAnAnswer_CountsIfItIsTheServersFault(int status, bool stays)
    {
        await using var vllm = await StartAsync();
        await using var proxy = await StartProxyAsync(vllm);
        vllm.Faults.Always = Fault.Status(status);

        for (var i = 0; i < 2; i++)
        {
            using var response = await proxy.Client.SendAsync(ChatRequests.Chat());
            Assert.Equal(status, (int)response.StatusCode);
            await _log.NextAsync();
        }

        Assert.Equal(stays, Breaker(proxy).IsAvailable);
    }

    /// <summary>Its status is 200, but it is no sign that the server works.</summary>
    [Fact]
    public async Task ErrorInAStream_CountsNeitherWay()
    {
        await using var vllm = await StartAsync();
        await using var proxy = await StartProxyAsync(vllm);
        foreach (var fault in new[] { Fault.ErrorInStream(afterTokens: 1), Fault.ErrorInStream(afterTokens: 0), Fault.Status(500), Fault.ErrorInStream(afterTokens: 1) })
        {
            vllm.Faults.Next(fault);
            await ReadAsync(proxy);
            Assert.True(Breaker(proxy).IsAvailable);
        }

        vllm.Faults.Next(Fault.Status(500));
        await ReadAsync(proxy);

        Assert.False(Breaker(proxy).IsAvailable);
    }

    /// <summary>The server works, the request is too long.</summary>
    [Fact]
    public async Task TotalBudget_OfAnAnswerThatFlows_CountsNeitherWay()
    {
        await using var vllm = await StartAsync();
        await using var proxy = await StartProxyAsync(vllm, ("Timeouts:TotalSeconds", "60"));
        for (var i = 0; i < 2; i++)
        {
            vllm.Faults.Next(Fault.Stall(afterTokens: 2));
            using var response = await proxy.Client.SendForStreamAsync(ChatRequests.Chat(stream: true));
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
            await ReadTokenAsync(lines);
            _clock.Advance(TimeSpan.FromSeconds(61));
            Assert.Contains("upstream_timeout", await lines.ReadToEndAsync().WaitAsync(Patience), StringComparison.Ordinal);
            await _log.NextAsync();
        }

        Assert.True(Breaker(proxy).IsAvailable);
    }

    [Fact]
    public async Task SilenceBeyondItsBudget_CountsAsAFailure()
    {
        await using var vllm = await StartAsync();
        await using var proxy = await StartProxyAsync(vllm);
        vllm.Faults.Next(Fault.Status(500));
        await ReadAsync(proxy);
        vllm.Faults.Next(Fault.HangBeforeHeaders);
        const string Prompt = "Say nothing.";

        var reading = ReadAsync(proxy, Prompt);
        await vllm.Journal.WaitForAsync(request => request.FaultStruck && request.BodyText.Contains(Prompt, StringComparison.Ordinal)).WaitAsync(Patience);
        _clock.Advance(TimeSpan.FromSeconds(601));
        await reading.WaitAsync(Patience);

        Assert.False(Breaker(proxy).IsAvailable);
    }

    [Fact]
    public async Task Trial_WithItsFirstToken_IsPassed()
    {
        await using var vllm = await StartAsync();
        await using var proxy = await StartProxyAsync(vllm);
        Open(Breaker(proxy));
        vllm.Faults.Next(Fault.Stall(afterTokens: 2));

        using var response = await proxy.Client.SendForStreamAsync(ChatRequests.Chat(stream: true));
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        await ReadTokenAsync(lines);

        Assert.False(Breaker(proxy).Enter().IsTrial);
        Assert.True(Breaker(proxy).IsAvailable);
    }

    [Fact]
    public async Task Trial_BeforeTheFirstToken_KeepsOthersAway()
    {
        await using var vllm = await StartAsync();
        await using var proxy = await StartProxyAsync(vllm);
        Open(Breaker(proxy));
        vllm.Faults.Next(Fault.Stall(afterTokens: 0));

        using var response = await proxy.Client.SendForStreamAsync(ChatRequests.Chat(stream: true));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False(Breaker(proxy).IsAvailable);
    }

    /// <summary>It may rest for hours, and vLLM takes it without asking its engine.</summary>
    [Fact]
    public async Task Trial_ByAWebSocket_EndsUndecidedWhenItIsTaken()
    {
        await using var vllm = await StartAsync();
        await using var proxy = await StartProxyAsync(vllm, ("ApiSurface:Realtime", "true"));
        Open(Breaker(proxy));

        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(proxy.Addresses.Https) { Scheme = "wss", Path = "/v1/realtime" }.Uri, proxy.Client, CancellationToken.None).WaitAsync(Patience);

        Assert.True(Breaker(proxy).IsAvailable);
        Assert.True(Breaker(proxy).Enter().IsTrial);
    }

    private static Task<SimulatedVllm> StartAsync() => SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });

    private Task<ProxyUnderTest> StartProxyAsync(SimulatedVllm vllm, params (string Key, string Value)[] settings) => ProxyUnderTest.StartAsync(
        vllm.Address,
        [
            new("Routing:Health:Failures", "2"),
            new("Routing:Health:OpenSeconds", "5"),
            .. settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value)),
        ],
        builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(_clock);
            _log.AddTo(builder);
        });

    private static Breaker Breaker(ProxyUnderTest proxy) => Assert.Single(proxy.Services.GetRequiredService<UpstreamServers>().All).Breaker;

    /// <summary>The next request is the trial.</summary>
    private void Open(Breaker breaker)
    {
        breaker.Leave(TryVerdict.Failure, breaker.Enter());
        breaker.Leave(TryVerdict.Failure, breaker.Enter());
        Assert.False(breaker.IsAvailable);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.True(breaker.IsAvailable);
    }

    private async Task ReadAsync(ProxyUnderTest proxy, string prompt = "Say hello.")
    {
        using var response = await proxy.Client.SendForStreamAsync(ChatRequests.Chat(stream: true, prompt: prompt));
        await response.Content.ReadAsStringAsync();
        await _log.NextAsync();
    }

    private static async Task ReadTokenAsync(StreamReader lines)
    {
        while (await lines.ReadLineAsync().WaitAsync(Patience) is { } line && (!line.Contains("\"content\":\"", StringComparison.Ordinal) || line.Contains("\"content\":\"\"", StringComparison.Ordinal)))
        {
        }
    }
}
