using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.IntegrationTests.Routing;
using VllmSecure.Proxy.StatefulResponses;

namespace VllmSecure.IntegrationTests;

/// <summary>Two servers and two keys: a kept response is its key's, and on its server.</summary>
public sealed class StatefulResponsesTests
{
    private const string OtherKey = "other-key-0123456789-0123456789-0123456789";
    private const string Path = "/v1/responses";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Response_ThatWasMade_IsReadFromTheServerThatHasIt(bool stream)
    {
        await using var fleet = await StartAsync();

        // More than one, so that both servers have some.
        for (var i = 0; i < 4; i++)
        {
            var id = await CreateAsync(fleet.Proxy.Client, stream: stream);
            using var read = await fleet.Proxy.Client.GetAsync(new Uri($"{Path}/{id}", UriKind.Relative));

            Assert.Equal(HttpStatusCode.OK, read.StatusCode);
            Assert.Contains(id, await read.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.NotEmpty(fleet.Received(0));
        Assert.NotEmpty(fleet.Received(1));
    }

    [Fact]
    public async Task NextTurn_GoesToTheServerOfThePreviousResponse()
    {
        await using var fleet = await StartAsync();
        var id = await CreateAsync(fleet.Proxy.Client);
        var holder = fleet.Received(0).Count == 1 ? 0 : 1;

        for (var i = 0; i < 3; i++)
        {
            id = await CreateAsync(fleet.Proxy.Client, previous: id);
        }

        Assert.Equal(4, fleet.Received(holder).Count);
        Assert.All(fleet.Received(holder).Skip(1), request => Assert.Contains("previous_response_id", request.BodyText, StringComparison.Ordinal));
        Assert.DoesNotContain("\"store\":false", fleet.Received(holder)[0].BodyText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherKey_SeesAnUnknownResponse()
    {
        await using var fleet = await StartAsync();
        using var other = fleet.Proxy.CreateClient(OtherKey);
        var id = await CreateAsync(fleet.Proxy.Client);
        var before = fleet.Servers.Sum(server => server.Journal.Requests.Count);

        var answers = new List<string>();
        foreach (var name in new[] { id, "resp_never" })
        {
            using var read = await other.GetAsync(new Uri($"{Path}/{name}", UriKind.Relative));
            using var deleted = await other.DeleteAsync(new Uri($"{Path}/{name}", UriKind.Relative));
            using var cancelled = await other.PostAsync(new Uri($"{Path}/{name}/cancel", UriKind.Relative), content: null);
            using var next = await other.SendAsync(ChatRequests.Post(Path, Body(previous: name)));
            Assert.All([read, deleted, cancelled, next], response => Assert.Equal(HttpStatusCode.NotFound, response.StatusCode));
            answers.Add(await read.Content.ReadAsStringAsync() + await next.Content.ReadAsStringAsync());
        }

        Assert.Equal(answers[0], answers[1]);
        Assert.Equal(before, fleet.Servers.Sum(server => server.Journal.Requests.Count));
        using var own = await fleet.Proxy.Client.GetAsync(new Uri($"{Path}/{id}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
    }

    [Fact]
    public async Task CancelAndDelete_GoToTheServerThatHasIt_AndADeletedOneIsClosed()
    {
        await using var fleet = await StartAsync();
        var id = await CreateAsync(fleet.Proxy.Client);
        var holder = fleet.Received(0).Count == 1 ? 0 : 1;

        using var cancelled = await fleet.Proxy.Client.PostAsync(new Uri($"{Path}/{id}/cancel", UriKind.Relative), content: null);
        using var deleted = await fleet.Proxy.Client.DeleteAsync(new Uri($"{Path}/{id}", UriKind.Relative));
        using var read = await fleet.Proxy.Client.GetAsync(new Uri($"{Path}/{id}", UriKind.Relative));

        Assert.Equal(HttpStatusCode.BadRequest, cancelled.StatusCode); // The server's own word: it was no background response.
        Assert.Equal(HttpStatusCode.MethodNotAllowed, deleted.StatusCode); // vLLM has no such method.
        Assert.Equal(HttpStatusCode.NotFound, read.StatusCode);
        Assert.Equal(["POST", "POST", "DELETE"], fleet.Servers[holder].Journal.Requests.Where(request => request.Path.StartsWith(Path, StringComparison.Ordinal)).Select(request => request.Method));
        Assert.Empty(fleet.Received(1 - holder));
    }

    [Fact]
    public async Task ServerThatIsAway_IsNotReplacedByAnother()
    {
        await using var fleet = await StartAsync();
        var id = await CreateAsync(fleet.Proxy.Client);
        var holder = fleet.Received(0).Count == 1 ? 0 : 1;
        await fleet.Servers[holder].StopAsync();

        using var read = await fleet.Proxy.Client.GetAsync(new Uri($"{Path}/{id}", UriKind.Relative));
        using var next = await fleet.Proxy.Client.SendAsync(ChatRequests.Post(Path, Body(previous: id)));

        Assert.Equal("upstream_loading", await read.ErrorCodeAsync());
        Assert.Equal("upstream_loading", await next.ErrorCodeAsync());
        Assert.Empty(fleet.Received(1 - holder));
    }

    [Fact]
    public async Task OldestResponse_BeyondTheBound_IsForgotten()
    {
        await using var fleet = await StartAsync(("StatefulResponses:MaxResponses", "2"));
        var ids = new[] { await CreateAsync(fleet.Proxy.Client), await CreateAsync(fleet.Proxy.Client), await CreateAsync(fleet.Proxy.Client) };

        var statuses = await Task.WhenAll(ids.Select(async id => (await fleet.Proxy.Client.GetAsync(new Uri($"{Path}/{id}", UriKind.Relative))).StatusCode));

        Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.OK, HttpStatusCode.OK], statuses);
        Assert.Equal(2, fleet.Proxy.Services.GetRequiredService<ResponseOwners>().Count);
    }

    [Fact]
    public async Task KeptResponse_ReadAgain_TakesNoTokens()
    {
        await using var fleet = await StartAsync(("ApiKeys:test:TokensPerDay", "100000"));
        var id = await CreateAsync(fleet.Proxy.Client);
        using var first = await fleet.Proxy.Client.GetAsync(new Uri($"{Path}/{id}", UriKind.Relative));
        using var second = await fleet.Proxy.Client.GetAsync(new Uri($"{Path}/{id}", UriKind.Relative));

        Assert.Equal(first.Headers.GetValues("x-ratelimit-remaining-tokens"), second.Headers.GetValues("x-ratelimit-remaining-tokens"));
    }

    [Fact]
    public async Task KeptResponse_OfAKeyHeldToModels_IsItsOwn()
    {
        await using var fleet = await StartAsync(("ApiKeys:test:Models", "test-*"));
        var id = await CreateAsync(fleet.Proxy.Client);

        using var read = await fleet.Proxy.Client.GetAsync(new Uri($"{Path}/{id}", UriKind.Relative));
        using var cancelled = await fleet.Proxy.Client.PostAsync(new Uri($"{Path}/{id}/cancel", UriKind.Relative), content: null);

        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        Assert.NotEqual(HttpStatusCode.Forbidden, cancelled.StatusCode);
        Assert.Contains(fleet.Servers, server => server.Journal.Requests.Any(request => request.Path == $"{Path}/{id}/cancel"));
    }

    [Fact]
    public async Task SwitchedOff_NothingIsKept()
    {
        await using var fleet = await SimulatedFleet.StartAsync(1);

        var id = await CreateAsync(fleet.Proxy.Client);
        using var read = await fleet.Proxy.Client.GetAsync(new Uri($"{Path}/{id}", UriKind.Relative));
        using var deleted = await fleet.Proxy.Client.DeleteAsync(new Uri($"{Path}/{id}", UriKind.Relative));
        using var next = await fleet.Proxy.Client.SendAsync(ChatRequests.Post(Path, Body(previous: id)));

        Assert.Equal("response_not_found", await read.ErrorCodeAsync());
        Assert.Equal("response_not_found", await deleted.ErrorCodeAsync());
        Assert.Equal("stateful_refused", await next.ErrorCodeAsync());
        Assert.Contains("\"store\":false", Assert.Single(fleet.Received(0)).BodyText, StringComparison.Ordinal);
    }

    private static Task<SimulatedFleet> StartAsync(params (string Key, string Value)[] settings) => SimulatedFleet.StartAsync(
        2, [("StatefulResponses:Enabled", "true"), ("ApiKeys:other:Key", OtherKey), ("Routing:Policy", "RoundRobin"), .. settings]);

    private static string Body(bool stream = false, string? previous = null) =>
        $$"""{"model":"{{ChatRequests.Model}}","input":"hi","max_output_tokens":4,"stream":{{(stream ? "true" : "false")}}{{(previous is null ? "" : $",\"previous_response_id\":\"{previous}\"")}}}""";

    private static async Task<string> CreateAsync(HttpClient client, bool stream = false, string? previous = null)
    {
        using var response = await client.SendAsync(ChatRequests.Post(Path, Body(stream, previous)));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        var json = stream ? text.Split('\n').First(line => line.StartsWith("data: {", StringComparison.Ordinal))["data: ".Length..] : text;
        using var document = JsonDocument.Parse(json);
        return (stream ? document.RootElement.GetProperty("response") : document.RootElement).GetProperty("id").GetString()!;
    }
}
