using System.Net;
using Microsoft.Extensions.DependencyInjection;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Proxy.Routing.Balancing;
using VllmSecure.Proxy.Routing.Health;
using VllmSecure.Proxy.Routing.Servers;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests.Routing;

/// <summary>Every policy that can be configured serves, and a client that asks for it stays on one server.</summary>
public sealed class BalancingTests
{
    private const string Header = "X-Conversation";
    private const string OtherKey = "other-key-0123456789-0123456789-0123456789";

    public static TheoryData<string> Policies => [.. BalancingPolicies.All];

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task Policy_Configured_ServesAndPassesOverAServerThatIsAway(string policy)
    {
        await using var fleet = await SimulatedFleet.StartAsync(3, ("Routing:Policy", policy));
        for (var i = 0; i < 12; i++)
        {
            await AskAsync(fleet.Proxy.Client);
        }

        var counts = Enumerable.Range(0, 3).Select(server => fleet.Received(server).Count).ToArray();
        Assert.Equal(12, counts.Sum());
        if (policy == "RoundRobin")
        {
            Assert.Equal([4, 4, 4], counts);
        }
        else if (policy == "FirstAlphabetical")
        {
            Assert.Equal([12, 0, 0], counts);
        }

        await fleet.Servers[0].StopAsync();
        for (var i = 0; i < 6; i++)
        {
            await AskAsync(fleet.Proxy.Client);
        }

        Assert.Equal(18, fleet.Received(1).Count + fleet.Received(2).Count + counts[0]);
    }

    [Fact]
    public async Task StickyHeader_KeepsItsRequestsOnOneServer_UntilThatIsAway()
    {
        await using var fleet = await SimulatedFleet.StartAsync(3, ("Routing:Policy", "RoundRobin"), ("Routing:StickyHeader", Header));
        for (var i = 0; i < 6; i++)
        {
            await AskAsync(fleet.Proxy.Client, "conversation 1");
        }

        var chosen = Enumerable.Range(0, 3).Single(server => fleet.Received(server).Count > 0);
        Assert.Equal(6, fleet.Received(chosen).Count);
        Assert.Null(fleet.Received(chosen)[0].Header(Header)); // It is for the proxy, not for vLLM.

        await fleet.Servers[chosen].StopAsync();
        for (var i = 0; i < 6; i++)
        {
            await AskAsync(fleet.Proxy.Client, "conversation 1");
        }

        Assert.Single(Enumerable.Range(0, 3), server => server != chosen && fleet.Received(server).Count == 6);
    }

    [Fact]
    public async Task StickyHeader_OfManyConversationsAndKeys_UsesEveryServer()
    {
        await using var fleet = await SimulatedFleet.StartAsync(
            2, ("Routing:Policy", "FirstAlphabetical"), ("Routing:StickyHeader", Header), ("ApiKeys:other:Key", OtherKey));
        using var other = fleet.Proxy.CreateClient(OtherKey);
        var isElsewhere = 0;
        for (var i = 0; i < 20; i++)
        {
            var before = fleet.Received(0).Count;
            await AskAsync(fleet.Proxy.Client, $"conversation {i}");
            var first = fleet.Received(0).Count - before;
            await AskAsync(other, $"conversation {i}");
            isElsewhere += fleet.Received(0).Count - before - first == first ? 0 : 1;
        }

        // Names and keys are fixed, so these are no chances: they hold for ever or never.
        Assert.InRange(fleet.Received(0).Count, 8, 32);
        Assert.InRange(isElsewhere, 3, 17);
    }

    /// <summary>The engine's last word counts requests of the proxy that have ended since.</summary>
    [Fact]
    public async Task OwnRequestsThatHaveEnded_AreNoLoadOfOthers()
    {
        await using var fleet = await SimulatedFleet.StartAsync(2, ("Routing:Policy", "LeastLoad"));
        for (var i = 0; i < 5; i++)
        {
            var now = TimeProvider.System.GetTimestamp();
            Server(fleet, "s0").Gauges = new EngineGauges(10, 2, 0, now, OwnRequests: 12);
            Server(fleet, "s1").Gauges = new EngineGauges(2, 0, 0, now, OwnRequests: 1);
            await AskAsync(fleet.Proxy.Client);
        }

        Assert.Equal((5, 0), (fleet.Received(0).Count, fleet.Received(1).Count));
    }

    /// <summary>What is under way weighs what it has left to do: a prompt in the engine's cache is no work.</summary>
    [Fact]
    public async Task PrefixAffinity_SamePromptAtOneTime_StaysTogether()
    {
        await using var fleet = await SimulatedFleet.StartAsync(3, ("Routing:Policy", "PrefixAffinity"));
        var prompt = string.Join(' ', Enumerable.Range(0, 2_000).Select(i => $"word{i}"));
        using (await fleet.Proxy.Client.SendAsync(ChatRequests.Chat(prompt: prompt)))
        {
            fleet.Servers.ToList().ForEach(server => server.Faults.Always = Fault.Stall(afterTokens: 1));
        }

        var streams = new List<HttpResponseMessage>();
        for (var i = 0; i < 5; i++)
        {
            streams.Add(await fleet.Proxy.Client.SendForStreamAsync(ChatRequests.Chat(stream: true, maxTokens: 16, prompt: prompt)));
        }

        Assert.Equal([0, 0, 6], Enumerable.Range(0, 3).Select(server => fleet.Received(server).Count).Order());
        streams.ForEach(stream => stream.Dispose());
    }

    [Fact]
    public async Task PrefixAffinity_WithOneServerLeft_RemembersWhatItGets()
    {
        await using var fleet = await SimulatedFleet.StartAsync(2);
        for (var i = 0; i < 3; i++)
        {
            Server(fleet, "s1").Breaker.Look(isHealthy: false);
        }

        await AskAsync(fleet.Proxy.Client);

        Assert.NotEqual(0, Server(fleet, "s0").Prefixes.Count);
    }

    /// <summary>With a salt, the same prompt of another key is not in the engine's cache.</summary>
    [Theory]
    [InlineData("false", 1)]
    [InlineData("true", 2)]
    public async Task PrefixAffinity_OfTwoKeys_IsSharedUnlessTheyHaveSalts(string salts, int prompts)
    {
        await using var fleet = await SimulatedFleet.StartAsync(2, ("RequestPolicy:CacheSaltPerKey", salts), ("ApiKeys:other:Key", OtherKey));
        using var other = fleet.Proxy.CreateClient(OtherKey);
        await AskAsync(fleet.Proxy.Client);
        var one = Remembered();

        await AskAsync(other);

        Assert.Equal(prompts * one, Remembered());

        int Remembered() => Server(fleet, "s0").Prefixes.Count + Server(fleet, "s1").Prefixes.Count;
    }

    private static UpstreamServer Server(SimulatedFleet fleet, string name) =>
        fleet.Proxy.Services.GetRequiredService<UpstreamServers>().All.Single(server => server.Name == name);

    private static async Task AskAsync(HttpClient client, string? conversation = null)
    {
        using var request = ChatRequests.Chat(prompt: new string('p', 500));
        if (conversation is not null)
        {
            request.Headers.Add(Header, conversation);
        }

        using var response = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
