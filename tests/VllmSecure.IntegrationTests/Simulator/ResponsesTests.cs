using System.Net;

namespace VllmSecure.IntegrationTests.Simulator;

public class ResponsesTests
{
    private const string Path = "/v1/responses";

    [Fact]
    public async Task Response_Whole_HasOutputAndUsage()
    {
        await using var client = await SimulatorClient.StartAsync();
        var answer = await client.PostOkAsync(Path, """{"model":"m","instructions":"be brief","input":"say hello now"}""");
        Assert.Equal("response", (string?)answer["object"]);
        Assert.Equal("completed", (string?)answer["status"]);
        Assert.Equal("output_text", (string?)answer["output"]![0]!["content"]![0]!["type"]);
        Assert.Equal((5, 6, 11), (
            (int)answer["usage"]!["input_tokens"]!, (int)answer["usage"]!["output_tokens"]!, (int)answer["usage"]!["total_tokens"]!));
    }

    [Fact]
    public async Task Response_Streamed_HasTheEventsInOrder()
    {
        await using var client = await SimulatorClient.StartAsync();
        var events = await client.StreamAsync(Path, """
            {"model":"m","stream":true,"input":[{"role":"user","content":[{"type":"input_text","text":"hi"}]}],"max_output_tokens":9}
            """.ReplaceLineEndings(""));
        Assert.All(events, sse => Assert.Equal(sse.Name, (string?)sse.Json["type"]));
        Assert.Equal(Enumerable.Range(0, events.Count), events.Select(sse => (int)sse.Json["sequence_number"]!));
        Assert.Equal(
            "created in_progress output_item.added content_part.added output_text.delta output_text.done content_part.done output_item.done completed",
            string.Join(' ', events.Select(sse => sse.Name!["response.".Length..]).Distinct(StringComparer.Ordinal)));
        var text = string.Concat(events.Where(sse => sse.Name == "response.output_text.delta").Select(sse => (string?)sse.Json["delta"]));
        Assert.Equal(text, (string?)events[^1].Json["response"]!["output"]![0]!["content"]![0]!["text"]);
        Assert.Equal(6, (int)events[^1].Json["response"]!["usage"]!["output_tokens"]!);
    }

    [Fact]
    public async Task Response_Limited_IsIncomplete()
    {
        await using var client = await SimulatorClient.StartAsync();
        var answer = await client.PostOkAsync(Path, """{"model":"m","input":"x","max_output_tokens":2}""");
        Assert.Equal("incomplete", (string?)answer["status"]);
        Assert.Equal("max_output_tokens", (string?)answer["incomplete_details"]!["reason"]);
        var events = await client.StreamAsync(Path, """{"model":"m","input":"x","max_output_tokens":2,"stream":true}""");
        Assert.Equal("response.incomplete", events[^1].Name);
    }

    [Fact]
    public async Task Response_ToolRequired_CallsIt()
    {
        await using var client = await SimulatorClient.StartAsync();
        var events = await client.StreamAsync(Path, """
            {"model":"m","stream":true,"input":"x","tool_choice":"required",
            "tools":[{"type":"function","name":"f","parameters":{"type":"object","properties":{"q":{"type":"string"}}}}]}
            """);
        var item = events[^1].Json["response"]!["output"]![0]!;
        Assert.Equal(("function_call", "f", """{"q":"Zürich"}"""), ((string?)item["type"], (string?)item["name"], (string?)item["arguments"]));
        Assert.Equal(
            (string?)item["arguments"],
            string.Concat(events.Where(sse => sse.Name == "response.function_call_arguments.delta").Select(sse => (string?)sse.Json["delta"])));
    }

    [Fact]
    public async Task Response_Stored_CanBeReadAgainAndNotCancelled()
    {
        await using var client = await SimulatorClient.StartAsync();
        var id = (string)(await client.PostOkAsync(Path, """{"model":"m","input":"x"}"""))["id"]!;
        Assert.Contains(id, await client.Http.GetStringAsync($"{Path}/{id}"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsync($"{Path}/{id}/cancel", "{}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await client.Http.GetAsync($"{Path}/resp_unknown")).StatusCode);
    }

    [Fact]
    public async Task Response_NotStored_IsGone()
    {
        await using var client = await SimulatorClient.StartAsync();
        var id = (string)(await client.PostOkAsync(Path, """{"model":"m","input":"x","store":false}"""))["id"]!;
        Assert.Equal(HttpStatusCode.NotFound, (await client.Http.GetAsync($"{Path}/{id}")).StatusCode);
    }
}
