using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Proxy;
using VllmSecure.Proxy.Commands;
using VllmSecure.Proxy.Routing.Administration;
using VllmSecure.Proxy.Routing.Servers;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests.Routing;

/// <summary>Upstreams taken out of service and back by command, and their state.</summary>
public sealed class DrainTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Drain_WhileItStreams_FinishesTheStreamAndSendsNothingNewUntilUndrained()
    {
        await using var fleet = await SimulatedFleet.StartAsync(2, ("Routing:Policy", "FirstAlphabetical"));
        fleet.Servers[0].Faults.Next(Fault.Stall(afterTokens: 1));
        using var stream = await fleet.Proxy.Client.SendForStreamAsync(ChatRequests.Chat(stream: true));
        await fleet.Servers[0].Journal.WaitForAsync(request => request.FaultStruck).WaitAsync(Patience);

        Assert.Equal(0, await CommandAsync(fleet, "upstreams", "drain", "s0"));
        using var elsewhere = await fleet.Proxy.Client.SendAsync(ChatRequests.Chat());
        var draining = await StateAsync(fleet, "s0");
        fleet.Servers[0].Faults.Release();
        var text = await stream.Content.ReadAsStringAsync().WaitAsync(Patience);

        Assert.Equal(("draining", 1), draining);
        Assert.Single(fleet.Received(0));
        Assert.Single(fleet.Received(1));
        Assert.Contains("data: [DONE]", text, StringComparison.Ordinal);
        Assert.Equal(0, await CommandAsync(fleet, "upstreams", "undrain", "s0"));
        using var back = await fleet.Proxy.Client.SendAsync(ChatRequests.Chat());
        Assert.Equal(2, fleet.Received(0).Count);
        Assert.Equal(("warming", 0), await StateAsync(fleet, "s0"));
    }

    [Fact]
    public async Task Drain_OfAnUpstreamThatIsTakenAway_IsOverWhenItComesBack()
    {
        await using var first = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        await using var second = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        var configuration = new ChangingConfiguration();
        configuration.Change(("Upstreams:new:Address", first.Address.ToString()));
        await using var proxy = await ProxyUnderTest.StartAsync(second.Address, configure: configuration.AddTo);
        var servers = proxy.Services.GetRequiredService<UpstreamServers>();
        Assert.True(servers.TryDrain("new"));
        configuration.Change(("Upstreams:new:Address", null));
        await UntilAsync(() => servers.All.Count == 1);

        configuration.Change(("Upstreams:new:Address", first.Address.ToString()));
        await UntilAsync(() => servers.All.Count == 2);

        Assert.False(servers.IsDrained(proxy.Server("new")));
    }

    [Fact]
    public async Task Command_ForANameWithASlash_FindsIt()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        await using var proxy = await ProxyUnderTest.StartAsync(settings: [new("Upstreams:Qwen/Qwen3:Address", vllm.Address.ToString())]);
        using var management = new HttpClient { BaseAddress = proxy.Addresses.Management };

        using var response = await ManagementClient.PostAsync(management, DrainEndpoints.PathOf("Qwen/Qwen3", DrainEndpoints.Drain), CancellationToken.None);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.True(proxy.Services.GetRequiredService<UpstreamServers>().IsDrained(proxy.Server("Qwen/Qwen3")));
    }

    [Fact]
    public async Task Drain_OfEverything_Answers503AndIsNotReady()
    {
        await using var fleet = await SimulatedFleet.StartAsync(1);
        Assert.Equal(0, await CommandAsync(fleet, "upstreams", "drain", "s0"));

        using var response = await fleet.Proxy.Client.SendAsync(ChatRequests.Chat());
        using var management = Management(fleet);
        using var ready = await management.GetAsync("/health/ready");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("no_upstream", await response.ErrorCodeAsync());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
    }

    [Fact]
    public async Task Drain_OfTheOnlyServerThatListsModels_IsNotReady()
    {
        await using var fleet = await SimulatedFleet.StartAsync(2);
        await fleet.Servers[1].StopAsync();
        Assert.Equal(0, await CommandAsync(fleet, "upstreams", "drain", "s0"));

        using var management = Management(fleet);
        using var ready = await management.GetAsync("/health/ready");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
    }

    [Fact]
    public async Task Command_WithoutSuchAnUpstreamOrProxy_Fails()
    {
        await using var fleet = await SimulatedFleet.StartAsync(1);

        Assert.Equal(1, await CommandAsync(fleet, "upstreams", "drain", "unknown"));
        Assert.Equal(0, await CommandAsync(fleet, "upstreams", "list"));
        Assert.Equal(1, await ProxyApp.RunAsync(["upstreams", "list", "--Management:Port=1", $"--DataDirectory={fleet.Proxy.DataDirectory}"]));
    }

    [Fact]
    public async Task Drain_FromAPageInABrowser_IsRefused()
    {
        await using var fleet = await SimulatedFleet.StartAsync(1);
        using var management = Management(fleet);

        using var response = await management.PostAsync("/upstreams/s0/drain", content: null);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("up", (await StateAsync(fleet, "s0")).State);
    }

    [Fact]
    public async Task Outstanding_AfterEveryKindOfEnd_IsZero()
    {
        await using var fleet = await SimulatedFleet.StartAsync(2);
        Fault?[] faults = [null, Fault.ResetBeforeHeaders, Fault.ResetMidStream(1), Fault.ErrorInStream(1), Fault.Status(503), Fault.TruncatedBody];
        foreach (var fault in faults)
        {
            fleet.Servers[0].Faults.Always = fault;
            fleet.Servers[1].Faults.Always = fault;
            using var response = await fleet.Proxy.Client.SendForStreamAsync(ChatRequests.Chat(stream: true));
            try
            {
                await response.Content.ReadAsStringAsync().WaitAsync(Patience);
            }
            catch (HttpRequestException)
            {
                // A cut answer is one of the ends.
            }
        }

        await fleet.Proxy.StopAsync(); // Waits for what is running.
        var servers = fleet.Proxy.Services.GetService(typeof(Proxy.Routing.Servers.UpstreamServers)) as Proxy.Routing.Servers.UpstreamServers;
        Assert.All(servers!.All, server => Assert.Equal((0, 0), (server.Requests, server.Tokens)));
    }

    private static HttpClient Management(SimulatedFleet fleet) => new() { BaseAddress = fleet.Proxy.Addresses.Management };

    private static async Task<(string? State, int Requests)> StateAsync(SimulatedFleet fleet, string name)
    {
        using var management = Management(fleet);
        using var status = JsonDocument.Parse(await management.GetStringAsync("/status"));
        var server = status.RootElement.GetProperty("upstreams").EnumerateArray().Single(server => server.GetProperty("name").GetString() == name);
        return (server.GetProperty("state").GetString(), server.GetProperty("requests").GetInt32());
    }

    private static Task<int> CommandAsync(SimulatedFleet fleet, params string[] words) => ProxyApp.RunAsync(
    [
        .. words, $"--Management:Port={fleet.Proxy.Addresses.Management!.Port}", $"--DataDirectory={fleet.Proxy.DataDirectory}",
    ]);

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (!condition())
        {
            deadline.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
