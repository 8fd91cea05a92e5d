using System.Net;
using Microsoft.Extensions.DependencyInjection;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Proxy.Routing.Connections;
using VllmSecure.Proxy.Routing.Health;
using VllmSecure.Proxy.Routing.Servers;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests.Routing;

/// <summary>Upstreams come and go while streams run.</summary>
public sealed class UpstreamChangesTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task UpstreamRemoved_WhileItStreams_FinishesTheStreamAndGetsNothingNew()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        first.Faults.Next(Fault.Stall(afterTokens: 2));
        var configuration = new ChangingConfiguration();
        await using var proxy = await ProxyUnderTest.StartAsync(first.Address, configure: configuration.AddTo);
        using var stream = await proxy.Client.SendForStreamAsync(ChatRequests.Chat(stream: true));
        await first.Journal.WaitForAsync(request => request.FaultStruck).WaitAsync(Patience);

        configuration.Change(("Upstreams:vllm:Address", second.Address.ToString()));
        await proxy.UntilServedByAsync(second.Address);
        using var afterwards = await proxy.Client.SendAsync(ChatRequests.Chat());
        first.Faults.Release();
        var text = await stream.Content.ReadAsStringAsync().WaitAsync(Patience);

        Assert.Equal(HttpStatusCode.OK, afterwards.StatusCode);
        Assert.Single(second.Journal.Requests);
        Assert.Single(first.Journal.Requests);
        Assert.Contains("data: [DONE]", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"error\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddressChanged_UnderTheSameName_IsAnotherServer()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        var configuration = new ChangingConfiguration();
        configuration.Change(("Upstreams:vllm:Address", first.Address.ToString()));
        await using var proxy = await ProxyUnderTest.StartAsync(configure: configuration.AddTo);
        var before = proxy.Server("vllm");
        before.Models = ["gone"];
        for (var i = 0; i < 3; i++)
        {
            before.Breaker.Leave(TryVerdict.Failure, before.Breaker.Enter());
        }

        configuration.Change(("Upstreams:vllm:Weight", "2"));
        Assert.Same(before, proxy.Server("vllm"));
        configuration.Change(("Upstreams:vllm:Address", second.Address.ToString()));
        await proxy.UntilServedByAsync(second.Address);
        var after = proxy.Server("vllm");

        Assert.Null(after.Models);
        Assert.True(after.Breaker.IsAvailable);
        Assert.True(after.Breaker.Share < 1, "It begins with a small share.");
    }

    [Fact]
    public async Task SocketChanged_UnderTheSameName_IsAnotherServer()
    {
        var configuration = new ChangingConfiguration();
        configuration.Change(("Upstreams:vllm:Address", "unix:/nowhere/first.sock"));
        await using var proxy = await ProxyUnderTest.StartAsync(configure: configuration.AddTo);
        var before = proxy.Server("vllm");

        configuration.Change(("Upstreams:vllm:Address", "unix:/nowhere/second.sock"));

        await UntilAsync(() => !ReferenceEquals(before, proxy.Server("vllm")));
    }

    /// <summary>Names are looked up before a change holds, and that may take long: until then everything is as it was.</summary>
    [Fact]
    public async Task Change_WhileNamesAreLookedUp_SendsTheServerBeforeItsOwnKey()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model], ApiKey = "own-key" });
        var answers = Task.FromResult<IPAddress[]>([IPAddress.Loopback]);
        var silence = new TaskCompletionSource<IPAddress[]>();
        var names = new LateNames(() => answers);
        var configuration = new ChangingConfiguration();
        configuration.Change(
            ("Upstreams:vllm:Address", vllm.Address.ToString()), ("Upstreams:vllm:ApiKey", "own-key"),
            ("Upstreams:other:Address", "http://other.test:1"), ("Upstreams:other:Models:0", "other"));
        await using var proxy = await ProxyUnderTest.StartAsync(configure: builder =>
        {
            configuration.AddTo(builder);
            builder.Services.AddSingleton<INameResolver>(names);
        });

        answers = silence.Task;
        foreach (var (address, key) in new[] { ("http://127.0.0.1:9", "another-key"), (null, null) })
        {
            configuration.Change(("Upstreams:vllm:Address", address), ("Upstreams:vllm:ApiKey", key));
            using var response = await proxy.Client.SendAsync(ChatRequests.Chat());
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        answers = Task.FromResult<IPAddress[]>([IPAddress.Loopback]);
        silence.SetResult([IPAddress.Loopback]);
        await UntilAsync(() => proxy.Services.GetRequiredService<UpstreamServers>().All.Count == 1);
    }

    [Fact]
    public async Task WrongChange_OfARunningProxy_ChangesNothing()
    {
        await using var vllm = await StartAsync();
        var configuration = new ChangingConfiguration();
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address, configure: configuration.AddTo);

        configuration.Change(("Upstreams:vllm:Address", "not an address"));
        using var response = await proxy.Client.SendAsync(ChatRequests.Chat());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Name_WithTwoAddresses_IsTwoServers()
    {
        Assert.SkipWhen(OperatingSystem.IsMacOS(), "127.0.0.2 is no loopback address of macOS.");
        await using var first = await StartAsync();
        await using var second = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model], Urls = $"http://127.0.0.2:{first.Address.Port}" });
        var names = new FakeNames(_ => [IPAddress.Parse("127.0.0.1"), IPAddress.Parse("127.0.0.2")]);
        await using var proxy = await ProxyUnderTest.StartAsync(
            new Uri($"http://vllm.test:{first.Address.Port}"), [new("Routing:Policy", "RoundRobin")], names.AddTo);

        for (var i = 0; i < 4; i++)
        {
            using var response = await proxy.Client.SendAsync(ChatRequests.Chat());
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(2, first.Journal.Requests.Count(request => request.Method == "POST"));
        Assert.Equal(2, second.Journal.Requests.Count(request => request.Method == "POST"));
    }

    [Fact]
    public async Task Name_ThatCannotBeResolved_StopsNoStart()
    {
        var names = new FakeNames(_ => throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.HostNotFound));
        await using var proxy = await ProxyUnderTest.StartAsync(new Uri("http://vllm.test:8000"), configure: names.AddTo);

        using var response = await proxy.Client.SendAsync(ChatRequests.Chat());

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal("upstream_unreachable", await response.ErrorCodeAsync());
    }

    [Fact]
    public async Task PlainHttp_ToAPublicAddressBehindAName_IsRefusedAndReadinessSaysWhy()
    {
        // TEST-NET-3 (RFC 5737): nothing is there, and nothing is asked to connect.
        var names = new FakeNames(_ => [IPAddress.Parse("203.0.113.5")]);
        await using var proxy = await ProxyUnderTest.StartAsync(new Uri("http://vllm.test:8000"), configure: names.AddTo);

        using var response = await proxy.Client.SendAsync(ChatRequests.Chat());
        using var management = new HttpClient { BaseAddress = proxy.Addresses.Management };
        using var ready = await management.GetAsync("/health/ready");

        Assert.Equal("upstream_unreachable", await response.ErrorCodeAsync());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("Upstreams:vllm:AllowPlainHttp", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static Task<SimulatedVllm> StartAsync() => SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!condition())
        {
            await timer.WaitForNextTickAsync(deadline.Token);
        }
    }

    private sealed class LateNames(Func<Task<IPAddress[]>> answers) : INameResolver
    {
        public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) => answers().WaitAsync(cancellationToken);
    }
}
