using System.Net;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Proxy.Routing.Servers;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests.Routing;

/// <summary>What looking at servers finds, and what follows.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task DeadEngine_WhoseProcessLives_IsFoundByHealthAndGetsNoRequests()
    {
        await using var fleet = await SimulatedFleet.StartAsync(2, ("Routing:Policy", "FirstAlphabetical"));
        fleet.Servers[0].Faults.EngineDead = true;
        await LookAsync(fleet, times: 3);

        using var response = await fleet.Proxy.Client.SendAsync(ChatRequests.Chat());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(fleet.Received(0));
        fleet.Servers[0].Faults.EngineDead = false;
        await LookAsync(fleet, times: 1);
        Assert.True(Server(fleet, "s0").Breaker.IsAvailable);
    }

    /// <summary>The breaker must not eject a healthy server for one transient error.</summary>
    [Fact]
    public async Task OneRequestThatFails_IsNotEnough()
    {
        await using var fleet = await SimulatedFleet.StartAsync(2, ("Routing:Policy", "FirstAlphabetical"));
        fleet.Servers[0].Faults.Next(Fault.ResetBeforeHeaders);

        for (var i = 0; i < 3; i++)
        {
            using var response = await fleet.Proxy.Client.SendAsync(ChatRequests.Chat());
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal((3, 1), (fleet.Received(0).Count, fleet.Received(1).Count));
    }

    /// <summary>What /health says must not keep a server in service whose requests fail.</summary>
    [Fact]
    public async Task RequestsThatFail_WhileHealthSays200_TakeTheServerAway()
    {
        await using var fleet = await SimulatedFleet.StartAsync(2, ("Routing:Policy", "FirstAlphabetical"), ("Routing:Health:OpenSeconds", "60"));
        fleet.Servers[0].Faults.Always = Fault.ResetBeforeHeaders;

        for (var i = 0; i < 6; i++)
        {
            using var response = await fleet.Proxy.Client.SendAsync(ChatRequests.Chat());
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            await LookAsync(fleet, times: 1);
        }

        Assert.Equal((3, 6), (fleet.Received(0).Count, fleet.Received(1).Count));
    }

    [Fact]
    public async Task OneLookThatFails_IsNotEnough()
    {
        await using var fleet = await SimulatedFleet.StartAsync(2);
        fleet.Servers[0].Faults.EngineDead = true;

        await LookAsync(fleet, times: 1);

        Assert.True(Server(fleet, "s0").Breaker.IsAvailable);
    }

    /// <summary>The model that was asked for is there, so no other may answer in its place.</summary>
    [Fact]
    public async Task OneLookThatFails_SendsNoRequestToAFallback()
    {
        await using var fleet = await SimulatedFleet.StartAsync(
            [new SimulatorOptions { Models = [ChatRequests.Model] }, new SimulatorOptions { Models = ["other"] }],
            ($"Routing:Fallbacks:{ChatRequests.Model}:0", "other"));
        await LookAsync(fleet, times: 1);
        fleet.Servers[0].Faults.EngineDead = true;
        await LookAsync(fleet, times: 1);
        fleet.Servers[0].Faults.EngineDead = false;

        using var response = await fleet.Proxy.Client.SendAsync(ChatRequests.Chat());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Single(fleet.Received(0));
        Assert.Empty(fleet.Received(1));
    }

    [Fact]
    public async Task EngineThatHangs_WhileHealthSays200_IsFoundByGenerating()
    {
        await using var fleet = await SimulatedFleet.StartAsync(1, ("Routing:Health:Generate", "true"), ("Routing:Health:TimeoutSeconds", "1"), ("Routing:Health:Failures", "2"));
        fleet.Servers[0].Faults.Always = Fault.HangBeforeHeaders;

        await LookAsync(fleet, times: 2);

        Assert.False(Server(fleet, "s0").Breaker.IsAvailable);
    }

    [Fact]
    public async Task Look_AtAServer_ReadsItsModelsAndGauges()
    {
        await using var fleet = await SimulatedFleet.StartAsync(1);
        fleet.Servers[0].Faults.Next(Fault.Stall(afterTokens: 1));
        using var stream = await fleet.Proxy.Client.SendForStreamAsync(ChatRequests.Chat(stream: true));
        await fleet.Servers[0].Journal.WaitForAsync(request => request.FaultStruck).WaitAsync(TimeSpan.FromSeconds(30));

        await LookAsync(fleet, times: 1);

        var server = Server(fleet, "s0");
        Assert.Equal([ChatRequests.Model], server.Models);
        Assert.Equal(1, server.Gauges?.Running);
        Assert.Equal(0, server.Gauges?.Waiting);
    }

    [Fact]
    public async Task Monitor_WhenSwitchedOn_LooksByItself()
    {
        await using var fleet = await SimulatedFleet.StartAsync(1, ("Routing:Health:IntervalSeconds", "1"));

        // The metrics come last.
        await fleet.Servers[0].Journal.WaitForAsync(request => request.RawTarget == "/metrics").WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Contains(fleet.Servers[0].Journal.Requests, request => request.RawTarget == "/health");
        Assert.Contains(fleet.Servers[0].Journal.Requests, request => request.RawTarget == "/v1/models");
    }

    private static async Task LookAsync(SimulatedFleet fleet, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await fleet.Proxy.LookAtAllAsync();
        }
    }

    private static UpstreamServer Server(SimulatedFleet fleet, string name) => fleet.Proxy.Server(name);
}
