using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests.Simulator;

/// <summary>A simulator and a plain HTTP client to it.</summary>
internal sealed class SimulatorClient : IAsyncDisposable
{
    private SimulatorClient(SimulatedVllm vllm)
    {
        Vllm = vllm;
        Http = new HttpClient { BaseAddress = vllm.Address };
    }

    /// <summary>A guard against hanging, never a measure of speed.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(30);

    public SimulatedVllm Vllm { get; }

    public HttpClient Http { get; }

    public static async Task<SimulatorClient> StartAsync(SimulatorOptions? options = null) =>
        new(await SimulatedVllm.StartAsync(options ?? Options()));

    public static SimulatorOptions Options() => new() { Models = ["m"], Seed = 7, OutputTokens = 6 };

    /// <summary>A chat request with one message; further members as they stand in JSON.</summary>
    public static string Chat(string content, string members = "") =>
        $$"""{"model":"m","messages":[{"role":"user","content":"{{content}}"}]{{(members.Length == 0 ? "" : "," + members)}}}""";

    public static StringContent Body(string json)
    {
        var content = new StringContent(json, Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    public async Task<(HttpStatusCode Status, JsonNode Json)> PostAsync(string path, string json)
    {
        using var response = await Http.PostAsync(path, Body(json));
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    public async Task<JsonNode> PostOkAsync(string path, string json)
    {
        var (status, answer) = await PostAsync(path, json);
        Assert.Equal(HttpStatusCode.OK, status);
        return answer;
    }

    /// <summary>The answer as soon as its headers are there.</summary>
    public Task<HttpResponseMessage> StartPostAsync(string path, string json, CancellationToken cancellationToken = default)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Body(json) };
        return Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    public async Task<IReadOnlyList<SseEvent>> StreamAsync(string path, string json)
    {
        using var response = await StartPostAsync(path, json);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        return Parse(await response.Content.ReadAsStringAsync());
    }

    /// <summary>Every frame must be an optional event line and one data line, as vLLM's are.</summary>
    public static IReadOnlyList<SseEvent> Parse(string text)
    {
        Assert.EndsWith("\n\n", text, StringComparison.Ordinal);
        return [.. text[..^2].Split("\n\n").Select(frame =>
        {
            var lines = frame.Split('\n');
            Assert.StartsWith("data: ", lines[^1], StringComparison.Ordinal);
            var name = lines.Length == 2 ? lines[0]["event: ".Length..] : null;
            return new SseEvent(name, lines[^1]["data: ".Length..]);
        })];
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Vllm.DisposeAsync();
    }
}
