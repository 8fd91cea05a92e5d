using System.Net;
using System.Text.Json;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests.Routing;

/// <summary>The model decides where a request goes.</summary>
public sealed class ModelRoutingTests
{
    private static readonly SimulatorOptions[] TwoModels = [new() { Models = ["alpha"] }, new() { Models = ["beta"] }];

    [Fact]
    public async Task Model_OfOneServer_GoesThere()
    {
        await using var fleet = await SimulatedFleet.StartAsync(TwoModels);

        foreach (var model in new[] { "alpha", "beta", "beta", "alpha", "beta" })
        {
            using var response = await SendAsync(fleet, Request(model));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(2, fleet.Received(0).Count);
        Assert.Equal(3, fleet.Received(1).Count);
    }

    [Fact]
    public async Task UnknownModel_WithSeveralServers_IsVllmsOwn404()
    {
        await using var fleet = await SimulatedFleet.StartAsync(TwoModels);

        using var response = await SendAsync(fleet, Request("gamma"));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("NotFoundError", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Single(fleet.Received(0).Concat(fleet.Received(1)));
    }

    [Fact]
    public async Task Alias_InARequest_BecomesTheModelAndNothingElseChanges()
    {
        await using var fleet = await SimulatedFleet.StartAsync(TwoModels, ("Routing:Aliases:gpt-4o", "beta"));

        using var response = await SendAsync(fleet, Request("gpt-4o"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Request("beta"), Assert.Single(fleet.Received(1)).BodyText);
    }

    [Fact]
    public async Task Alias_InTheListing_StandsBesideTheModels()
    {
        await using var fleet = await SimulatedFleet.StartAsync(TwoModels, ("Routing:Aliases:gpt-4o", "beta"), ("Routing:Aliases:lost", "nobody"));

        using var json = JsonDocument.Parse(await fleet.Proxy.Client.GetStringAsync("/v1/models"));
        using var one = JsonDocument.Parse(await fleet.Proxy.Client.GetStringAsync("/v1/models/gpt-4o"));

        Assert.Equal(["alpha", "beta", "gpt-4o"], json.RootElement.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()).Order(StringComparer.Ordinal));
        Assert.Equal("gpt-4o", one.RootElement.GetProperty("id").GetString());
    }

    [Fact]
    public async Task NoModel_WithADefault_IsAskedOfTheDefault()
    {
        await using var fleet = await SimulatedFleet.StartAsync(TwoModels, ("Routing:DefaultModel", "beta"));

        using var response = await SendAsync(fleet, """{"max_tokens":2,"messages":[{"role":"user","content":"hi"}]}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("\"model\":\"beta\"", Assert.Single(fleet.Received(1)).BodyText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fallback_WhenTheModelsServerIsDown_AnswersInItsPlace()
    {
        await using var fleet = await SimulatedFleet.StartAsync(TwoModels, ("Routing:Fallbacks:alpha:0", "beta"));
        using var before = await SendAsync(fleet, Request("alpha"));
        await fleet.Servers[0].StopAsync();

        using var after = await SendAsync(fleet, Request("alpha"));

        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        Assert.Equal(Request("beta"), Assert.Single(fleet.Received(1)).BodyText);
    }

    /// <summary>The model stands in the form, which goes on as it is: the other server would say for good that there is no such model.</summary>
    [Fact]
    public async Task Fallback_OfAForm_IsNotAsked()
    {
        await using var fleet = await SimulatedFleet.StartAsync(TwoModels, ("Routing:Fallbacks:alpha:0", "beta"));
        await fleet.Proxy.LookAtAllAsync();
        await fleet.Servers[0].StopAsync();
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent([1, 2, 3]), "file", "speech.wav" },
            { new StringContent("alpha"), "model" },
        };

        using var response = await fleet.Proxy.Client.PostAsync("/v1/audio/transcriptions", form);

        Assert.Equal("upstream_loading", await response.ErrorCodeAsync());
        Assert.Empty(fleet.Received(1));
    }

    /// <summary>What the key must not ask for must not come by another way.</summary>
    [Theory]
    [InlineData("alpha", HttpStatusCode.ServiceUnavailable)]
    [InlineData("*a", HttpStatusCode.OK)]
    public async Task Fallback_TheKeyMayNotUse_IsNotAsked(string models, HttpStatusCode expected)
    {
        await using var fleet = await SimulatedFleet.StartAsync(TwoModels, ("Routing:Fallbacks:alpha:0", "beta"), ("ApiKeys:test:Models:0", models));
        fleet.Servers[0].Faults.Always = Fault.Status(503);

        using var response = await SendAsync(fleet, Request("alpha"));

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(expected == HttpStatusCode.OK ? 1 : 0, fleet.Received(1).Count);
    }

    [Fact]
    public async Task ListedModels_OfAnUpstream_AreBelievedWithoutAsking()
    {
        await using var fleet = await SimulatedFleet.StartAsync(TwoModels, ("Upstreams:s0:Models:0", "alpha"), ("Upstreams:s1:Models:0", "beta"));

        using var response = await SendAsync(fleet, Request("beta"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(fleet.Servers[0].Journal.Requests);
        Assert.Single(fleet.Servers[1].Journal.Requests);
    }

    [Fact]
    public async Task ModelsLeftOut_OfAnUpstream_AreNotListed()
    {
        await using var fleet = await SimulatedFleet.StartAsync([new() { Models = ["alpha", "hidden"] }, new() { Models = ["beta"] }], ("Upstreams:s0:Models:0", "alpha"));

        using var json = JsonDocument.Parse(await fleet.Proxy.Client.GetStringAsync("/v1/models"));
        using var hidden = await fleet.Proxy.Client.GetAsync("/v1/models/hidden");

        Assert.Equal(["alpha", "beta"], json.RootElement.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()).Order(StringComparer.Ordinal));
        Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
    }

    [Fact]
    public async Task Standby_OfWeightZero_IsUsedWhenTheOthersFail()
    {
        await using var fleet = await SimulatedFleet.StartAsync(2, ("Upstreams:s0:Weight", "0"));
        for (var i = 0; i < 5; i++)
        {
            using var response = await fleet.Proxy.Client.SendAsync(ChatRequests.Chat());
        }

        Assert.Empty(fleet.Received(0));
        await fleet.Servers[1].StopAsync();
        using var failedOver = await fleet.Proxy.Client.SendAsync(ChatRequests.Chat());

        Assert.Equal(HttpStatusCode.OK, failedOver.StatusCode);
        Assert.Single(fleet.Received(0));
    }

    private static string Request(string model) => $$"""{"max_tokens":2,"model":"{{model}}","messages":[{"role":"user","content":"hi"}]}""";

    private static Task<HttpResponseMessage> SendAsync(SimulatedFleet fleet, string body) =>
        fleet.Proxy.Client.SendAsync(ChatRequests.Post(ChatRequests.Path, body));
}
