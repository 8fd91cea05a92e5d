using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Proxy.Routing.Admission;
using VllmSecure.Proxy.Routing.Servers;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests.Routing;

/// <summary>
/// Requests wait in the proxy while the engine is full by its own word. The engine runs one request at a time, and one more
/// may wait in it: <see cref="FillAsync"/> takes both places with streams that stall.
/// </summary>
public sealed class AdmissionTests
{
    private const string OtherKey = "other-key-0123456789-0123456789-0123456789";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private readonly AccessLogRecorder _log = new();

    [Fact]
    public async Task FullEngine_GetsNoMore_UntilARequestHasEnded()
    {
        await using var vllm = await StartVllmAsync();
        await using var proxy = await StartAsync(vllm);
        var filling = await FillAsync(proxy, vllm);

        var queued = proxy.Client.SendAsync(ChatRequests.Chat(prompt: "queued"));
        await WaitForQueueAsync(proxy, 1);
        _clock.Advance(TimeSpan.FromMilliseconds(1500));
        Assert.Equal(2, vllm.Journal.Requests.Count(request => request.Method == "POST"));
        await vllm.ReleaseUntilAsync(Task.WhenAll(filling.Append(queued)).WaitAsync(Patience));

        using var response = await queued;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("1500", Assert.Single(response.Headers.GetValues("X-Queue-Time")));
        Assert.Contains(1500, await QueueTimesAsync(3));
        Assert.DoesNotContain("X-Queue-Time", (await filling[0]).Headers.Select(header => header.Key));
    }

    [Fact]
    public async Task HeavyKey_DoesNotStarveALightOne()
    {
        await using var vllm = await StartVllmAsync();
        await using var proxy = await StartAsync(vllm, ("ApiKeys:other:Key", OtherKey));
        using var other = proxy.CreateClient(OtherKey);
        var filling = await FillAsync(proxy, vllm);
        var server = Assert.Single(proxy.Services.GetRequiredService<UpstreamServers>().All);
        var known = server.Gauges;

        var all = new List<Task<HttpResponseMessage>>(filling);
        for (var i = 0; i < 10; i++)
        {
            all.Add(proxy.Client.SendAsync(ChatRequests.Chat(prompt: $"heavy {i}")));
            await WaitForQueueAsync(proxy, i + 1);
        }

        all.Add(other.SendAsync(ChatRequests.Chat(prompt: "light")));
        await WaitForQueueAsync(proxy, 11);

        // The watch has looked, and rests on the fake clock: from here on the engine stays full but for what ends.
        await UntilAsync(() => !ReferenceEquals(known, server.Gauges));
        await vllm.ReleaseUntilAsync(Task.WhenAll(all).WaitAsync(Patience));

        var order = vllm.Journal.Requests.Where(request => request.Method == "POST").Skip(2).Select(request => request.BodyText).ToList();
        // Its turn is the second; some may overtake it on their way to the engine.
        Assert.InRange(order.FindIndex(body => body.Contains("light", StringComparison.Ordinal)), 0, 5);
        Assert.Equal(11, order.Count);
        Assert.All(all, answer => Assert.Equal(HttpStatusCode.OK, answer.Result.StatusCode));
    }

    [Theory]
    [InlineData(ChatRequests.Path, "OpenAI")]
    [InlineData("/v1/messages", "Anthropic")]
    public async Task FullQueue_Answers429InTheClientsShape(string path, string shape)
    {
        await using var vllm = await StartVllmAsync();
        await using var proxy = await StartAsync(vllm, ("Admission:MaxQueuedPerKey", "1"));
        var filling = await FillAsync(proxy, vllm);
        var queued = proxy.Client.SendAsync(ChatRequests.Chat());
        await WaitForQueueAsync(proxy, 1);

        using var refused = await proxy.Client.SendAsync(ChatRequests.Chat(path: path));

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        using var json = JsonDocument.Parse(await refused.Content.ReadAsByteArrayAsync());
        Assert.Equal(shape == "Anthropic", json.RootElement.TryGetProperty("type", out _));
        Assert.NotEmpty(json.RootElement.GetProperty("error").GetProperty("message").GetString()!);
        await vllm.ReleaseUntilAsync(Task.WhenAll(filling.Append(queued)).WaitAsync(Patience));
        Assert.Equal(3, vllm.Journal.Requests.Count(request => request.Method == "POST"));
    }

    [Fact]
    public async Task Wait_BeyondItsTime_Answers429AndNeverReachesTheEngine()
    {
        await using var vllm = await StartVllmAsync();
        await using var proxy = await StartAsync(vllm);
        var filling = await FillAsync(proxy, vllm);
        var queued = proxy.Client.SendAsync(ChatRequests.Chat(prompt: "too late"));
        await WaitForQueueAsync(proxy, 1);

        for (var second = 0; second < 30; second++)
        {
            await proxy.LookAtAllAsync(); // Old figures are not believed.
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        using var response = await queued.WaitAsync(Patience);
        Assert.Equal("overloaded", await response.ErrorCodeAsync());
        Assert.Equal("30000", Assert.Single(response.Headers.GetValues("X-Queue-Time")));
        Assert.NotNull(response.Headers.RetryAfter);
        await vllm.ReleaseUntilAsync(Task.WhenAll(filling).WaitAsync(Patience));
        Assert.DoesNotContain(vllm.Journal.Requests, request => request.BodyText.Contains("too late", StringComparison.Ordinal));
    }

    /// <summary>The server has had nothing of the time that the request waited for it.</summary>
    [Fact]
    public async Task Wait_LongerThanTheFirstByteMayTake_LeavesTheServerItsTime()
    {
        await using var vllm = await StartVllmAsync();
        await using var proxy = await StartAsync(vllm, ("Timeouts:FirstByteSeconds", "20"));
        var filling = await FillAsync(proxy, vllm);
        var queued = proxy.Client.SendAsync(ChatRequests.Chat(prompt: "queued"));
        await WaitForQueueAsync(proxy, 1);

        for (var second = 0; second < 20; second++)
        {
            await proxy.LookAtAllAsync(); // Old figures are not believed.
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        using var cut = await filling[0].WaitAsync(Patience); // And so there is room.
        using var response = await queued.WaitAsync(Patience);
        Assert.Equal(HttpStatusCode.GatewayTimeout, cut.StatusCode);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task ClientThatLeaves_WhileItWaits_LeavesTheQueueAndNeverReachesTheEngine(string version)
    {
        await using var vllm = await StartVllmAsync();
        await using var proxy = await StartAsync(vllm);
        using var client = proxy.CreateClient(version: Version.Parse(version));
        using var leaving = new CancellationTokenSource();
        var filling = await FillAsync(proxy, vllm);
        var queued = client.SendForStreamAsync(ChatRequests.Chat(stream: true, prompt: "gone"), leaving.Token);
        await WaitForQueueAsync(proxy, 1);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => queued);
        await WaitForQueueAsync(proxy, 0);
        await vllm.ReleaseUntilAsync(Task.WhenAll(filling).WaitAsync(Patience));
        Assert.DoesNotContain(vllm.Journal.Requests, request => request.BodyText.Contains("gone", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("30", HttpStatusCode.OK)]
    [InlineData("0", HttpStatusCode.ServiceUnavailable)]
    public async Task Shutdown_WithRequestsThatWait_ServesOrRefusesThem(string drainSeconds, HttpStatusCode expected)
    {
        await using var vllm = await StartVllmAsync();
        await using var proxy = await StartAsync(vllm, ("Shutdown:DrainSeconds", drainSeconds));
        var filling = await FillAsync(proxy, vllm);
        var queued = proxy.Client.SendAsync(ChatRequests.Chat());
        await WaitForQueueAsync(proxy, 1);

        var stopping = proxy.StopAsync();
        await vllm.ReleaseUntilAsync(queued.WaitAsync(Patience));

        using var response = await queued;
        Assert.Equal(expected, response.StatusCode);
        await vllm.ReleaseUntilAsync(Task.WhenAll(filling).WaitAsync(Patience));
        await stopping.WaitAsync(Patience);
    }

    [Fact]
    public async Task AnotherServerWithRoom_IsAskedAtOnce()
    {
        await using var vllm = await StartVllmAsync();
        await using var standby = await StartVllmAsync();
        await using var proxy = await StartAsync(vllm, ("Upstreams:standby:Address", standby.Address.ToString()), ("Upstreams:standby:Weight", "0"));
        var filling = await FillAsync(proxy, vllm);

        using var response = await proxy.Client.SendAsync(ChatRequests.Chat()).WaitAsync(Patience);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False(response.Headers.Contains("X-Queue-Time"));
        Assert.Single(standby.Journal.Requests, request => request.Method == "POST");
        await vllm.ReleaseUntilAsync(Task.WhenAll(filling).WaitAsync(Patience));
    }

    [Fact]
    public async Task ForeignLoad_ThatGoesAway_IsSeenWithoutARequestOfOurs()
    {
        await using var vllm = await StartVllmAsync();
        await using var proxy = await StartAsync(vllm);
        using var foreign = new HttpClient { BaseAddress = vllm.Address };
        var load = Task.WhenAll(await FillAsync(proxy, vllm, foreign));

        var queued = proxy.Client.SendAsync(ChatRequests.Chat());
        await WaitForQueueAsync(proxy, 1);
        await vllm.ReleaseUntilAsync(load);
        await UntilAsync(() =>
        {
            _clock.Advance(TimeSpan.FromMilliseconds(1)); // The watch pauses between two looks.
            return queued.IsCompleted;
        });

        Assert.Equal(HttpStatusCode.OK, (await queued).StatusCode);
    }

    [Fact]
    public async Task SwitchedOff_NothingWaits()
    {
        await using var vllm = await StartVllmAsync();
        await using var proxy = await StartAsync(vllm, ("Admission:Enabled", "false"));
        var filling = await FillAsync(proxy, vllm);

        var third = proxy.Client.SendAsync(ChatRequests.Chat());
        await UntilAsync(() => vllm.Load == (1, 2));

        await vllm.ReleaseUntilAsync(Task.WhenAll(filling.Append(third)).WaitAsync(Patience));
    }

    [Fact]
    public async Task QueueAndWaits_AreMeasured()
    {
        await using var vllm = await StartVllmAsync();
        await using var proxy = await StartAsync(vllm);
        using var management = new HttpClient { BaseAddress = proxy.Addresses.Management };
        var filling = await FillAsync(proxy, vllm);
        var queued = proxy.Client.SendAsync(ChatRequests.Chat());
        await WaitForQueueAsync(proxy, 1);

        await vllm.ReleaseUntilAsync(Task.WhenAll(filling.Append(queued)).WaitAsync(Patience));
        var metrics = await management.GetStringAsync("/metrics");

        Assert.Contains("vllm_secure_queue_requests{", metrics, StringComparison.Ordinal);
        Assert.Contains("vllm_secure_queue_wait_seconds_count", metrics, StringComparison.Ordinal);
    }

    private static Task<SimulatedVllm> StartVllmAsync() =>
        SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model], MaxRunningSequences = 1 });

    private Task<ProxyUnderTest> StartAsync(SimulatedVllm vllm, params (string Key, string Value)[] settings) => ProxyUnderTest.StartAsync(
        vllm.Address,
        [
            new("Admission:MaxEngineQueue", "1"),
            .. settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value)),
        ],
        builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(_clock);
            _log.AddTo(builder);
        });

    /// <summary>One request runs and stalls, one waits in the engine, and the proxy has heard of it.</summary>
    private static async Task<Task<HttpResponseMessage>[]> FillAsync(ProxyUnderTest proxy, SimulatedVllm vllm, HttpClient? client = null)
    {
        client ??= proxy.Client;
        vllm.Faults.Next(Fault.Stall(afterTokens: 1));
        var running = client.SendAsync(ChatRequests.Chat());
        await vllm.Journal.WaitForAsync(request => request.FaultStruck).WaitAsync(Patience);
        var waiting = client.SendAsync(ChatRequests.Chat());
        await UntilAsync(() => vllm.Load == (1, 1));
        await proxy.LookAtAllAsync();
        return [running, waiting];
    }

    private static Task WaitForQueueAsync(ProxyUnderTest proxy, int length)
    {
        var gate = proxy.Services.GetRequiredService<AdmissionGate>();
        return UntilAsync(() => gate.Waiting == length);
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

    private async Task<List<double?>> QueueTimesAsync(int lines)
    {
        var times = new List<double?>();
        for (var i = 0; i < lines; i++)
        {
            var line = await _log.NextAsync();
            times.Add(line.GetProperty("queue_time_ms") is { ValueKind: JsonValueKind.Number } time ? time.GetDouble() : null);
        }

        return times;
    }
}
