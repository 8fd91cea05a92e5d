using System.Net;
using Microsoft.Extensions.DependencyInjection;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Proxy.Routing.Servers;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests.Routing;

/// <summary>Another server answers where the first has not begun to; the client sees one answer.</summary>
public sealed class FailoverTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task RefusedConnection_WithAnotherServer_IsAnsweredByIt()
    {
        await using var fleet = await SimulatedFleet.StartAsync(2, ("Routing:Policy", "FirstAlphabetical"));
        await SendAsync(fleet);
        await fleet.Servers[0].StopAsync();

        using var response = await SendAsync(fleet);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Single(fleet.Received(1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ResetBeforeHeaders_WithAnotherServer_SendsTheWholeBodyAgain(bool stream)
    {
        await using var fleet = await SimulatedFleet.StartAsync(2, ("Routing:Policy", "FirstAlphabetical"));
        fleet.Servers[0].Faults.Always = Fault.ResetBeforeHeaders;
        var prompt = new string('p', 200_000);

        using var response = await fleet.Proxy.Client.SendForStreamAsync(ChatRequests.Chat(stream, prompt: prompt));
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("finish_reason\":\"", text, StringComparison.Ordinal);
        Assert.Equal(Assert.Single(fleet.Received(0)).BodyText, Assert.Single(fleet.Received(1)).BodyText);
        Assert.Contains(prompt, fleet.Received(1)[0].BodyText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FullQueue_WithAnotherServer_IsAnsweredByItWithoutATraceOfTheFirst()
    {
        await using var fleet = await SimulatedFleet.StartAsync(2, ("Routing:Policy", "FirstAlphabetical"));
        fleet.Servers[0].Faults.Always = Fault.Status(503);

        using var response = await SendAsync(fleet);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.DoesNotContain("\"error\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Single(fleet.Received(0));
        Assert.Single(fleet.Received(1));
    }

    [Fact]
    public async Task FullQueue_OfTheLastServer_IsVllmsOwn503()
    {
        await using var fleet = await SimulatedFleet.StartAsync(2);
        fleet.Servers[0].Faults.Always = Fault.Status(503);
        fleet.Servers[1].Faults.Always = Fault.Status(503);

        using var response = await SendAsync(fleet);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains("\"error\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Single(fleet.Received(0));
        Assert.Single(fleet.Received(1));
    }

    [Fact]
    public async Task ResetBeforeHeaders_OfAllServers_IsTriedOnTheConfiguredNumberAndAnswers502()
    {
        await using var fleet = await SimulatedFleet.StartAsync(4, ("Routing:MaxTries", "3"));
        foreach (var server in fleet.Servers)
        {
            server.Faults.Always = Fault.ResetBeforeHeaders;
        }

        using var response = await SendAsync(fleet);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal("upstream_failed", await response.ErrorCodeAsync());
        Assert.Equal(3, Enumerable.Range(0, 4).Sum(i => fleet.Received(i).Count));
    }

    public static TheoryData<string> AfterHeaders => ["reset before the first byte", "reset", "error", "500"];

    [Theory]
    [MemberData(nameof(AfterHeaders))]
    public async Task FailureAfterHeaders_OfOneServer_IsNeverRepeated(string name)
    {
        await using var fleet = await SimulatedFleet.StartAsync(2, ("Routing:Policy", "FirstAlphabetical"));
        fleet.Servers[0].Faults.Always = name switch
        {
            "reset before the first byte" => Fault.ResetBeforeFirstByte,
            "reset" => Fault.ResetMidStream(afterTokens: 2),
            "error" => Fault.ErrorInStream(afterTokens: 2),
            _ => Fault.Status(500),
        };

        using var response = await fleet.Proxy.Client.SendForStreamAsync(ChatRequests.Chat(stream: true));
        var text = await response.Content.ReadAsStringAsync();

        Assert.Contains("\"error\"", text, StringComparison.Ordinal);
        Assert.Single(fleet.Received(0));
        Assert.Empty(fleet.Received(1));
    }

    [Fact]
    public async Task ServerThatFails_AgainAndAgain_GetsNoMoreRequests()
    {
        await using var fleet = await SimulatedFleet.StartAsync(
            2, ("Routing:Policy", "FirstAlphabetical"), ("Routing:Health:Failures", "3"), ("Routing:Health:OpenSeconds", "3600"));
        fleet.Servers[0].Faults.Always = Fault.ResetBeforeHeaders;

        for (var i = 0; i < 10; i++)
        {
            using var response = await SendAsync(fleet);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(3, fleet.Received(0).Count);
        Assert.Equal(10, fleet.Received(1).Count);
    }

    [Fact]
    public async Task EveryServer_DownAndUpAgain_IsAskedAllTheSame()
    {
        await using var fleet = await SimulatedFleet.StartAsync(2, ("Routing:Health:Failures", "2"), ("Routing:Health:OpenSeconds", "3600"));
        foreach (var server in fleet.Servers)
        {
            await server.StopAsync();
        }

        for (var i = 0; i < 3; i++)
        {
            using var down = await SendAsync(fleet);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, down.StatusCode);
            Assert.NotNull(down.Headers.RetryAfter?.Delta);
            Assert.Equal("upstream_loading", await down.ErrorCodeAsync());
        }

        await fleet.Servers[1].RestartAsync();
        using var up = await SendAsync(fleet);

        Assert.Equal(HttpStatusCode.OK, up.StatusCode);
    }

    [Fact]
    public async Task Retry_AfterALongTry_PassesOverAServerThatWasDrainedMeanwhile()
    {
        await using var fleet = await SimulatedFleet.StartAsync(3, ("Routing:Policy", "FirstAlphabetical"));
        var answer = await SendToOneThatHangsAsync(fleet);

        fleet.Proxy.Services.GetRequiredService<UpstreamServers>().TryDrain("s1");
        await fleet.Servers[0].StopAsync();
        using var response = await answer.WaitAsync(Patience);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(fleet.Received(1));
        Assert.Single(fleet.Received(2));
    }

    [Fact]
    public async Task Retry_WhenNobodyElseIsInServiceAnyMore_IsNone()
    {
        await using var fleet = await SimulatedFleet.StartAsync(2, ("Routing:Policy", "FirstAlphabetical"));
        var answer = await SendToOneThatHangsAsync(fleet);

        fleet.Proxy.Services.GetRequiredService<UpstreamServers>().TryDrain("s1");
        await fleet.Servers[0].StopAsync();
        using var response = await answer.WaitAsync(Patience);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal("upstream_failed", await response.ErrorCodeAsync());
        Assert.Empty(fleet.Received(1));
    }

    /// <summary>The first server has the request, and its answer does not come.</summary>
    private static async Task<Task<HttpResponseMessage>> SendToOneThatHangsAsync(SimulatedFleet fleet)
    {
        fleet.Servers[0].Faults.Next(Fault.HangBeforeHeaders);
        var answer = SendAsync(fleet);
        await fleet.Servers[0].Journal.WaitForAsync(request => request.FaultStruck).WaitAsync(Patience);
        return answer;
    }

    private static Task<HttpResponseMessage> SendAsync(SimulatedFleet fleet) => fleet.Proxy.Client.SendAsync(ChatRequests.Chat());
}
