using System.Globalization;
using System.Text.Json;
using VllmSecure.EndToEndTests.Acme;

namespace VllmSecure.EndToEndTests.Clients;

/// <param name="served">What is asked.</param>
/// <param name="key">The API key.</param>
/// <param name="model">The model that requests name.</param>
/// <param name="version">The HTTP version as curl names it: 1.1 or 2.</param>
internal sealed class CurlClient(ServedModel served, string key, string model, string version) : IApiClient
{
    private const string Done = "[DONE]";

    public static (string Authentication, string NotFound, string Busy) ErrorNames =>
        ("authentication_error", "NotFoundError", "ServiceUnavailableError");

    private string Chat => $$"""{"model":"{{model}}","messages":[{"role":"user","content":"{{Prompts.Hello}}"}]""";

    private string Response => $$"""{"model":"{{model}}","input":"{{Prompts.Hello}}" """;

    public async Task<string[]> ListModelsAsync() =>
        [.. (await JsonAsync("models")).GetProperty("data").EnumerateArray().Select(listed => listed.GetProperty("id").GetString()!)];

    public async Task<string> ChatAsync() =>
        (await JsonAsync("chat/completions", Chat + "}")).GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;

    public async Task<string[]> StreamChatAsync()
    {
        var events = await EventsAsync("chat/completions", Chat + ",\"stream\":true}");
        Assert.Equal(Done, events[^1]);
        return [.. events[..^1].Select(Delta).Where(text => text.Length > 0)];
    }

    public async Task<ToolCall> CallToolAsync()
    {
        var body = $$$"""
            {"model":"{{{model}}}","messages":[{"role":"user","content":"{{{Prompts.Weather}}}"}],"tools":[{"type":"function","function":{"name":"{{{Prompts.ToolName}}}","parameters":{{{Prompts.ToolSchema}}}}}]}
            """;
        var choice = (await JsonAsync("chat/completions", body)).GetProperty("choices")[0];
        Assert.Equal("tool_calls", choice.GetProperty("finish_reason").GetString());
        var function = choice.GetProperty("message").GetProperty("tool_calls")[0].GetProperty("function");
        return new ToolCall(function.GetProperty("name").GetString()!, function.GetProperty("arguments").GetString()!);
    }

    public async Task<float[]> EmbedAsync() =>
        [.. (await JsonAsync("embeddings", Response + "}")).GetProperty("data")[0].GetProperty("embedding").EnumerateArray().Select(number => number.GetSingle())];

    public async Task<string> RespondAsync() =>
        (await JsonAsync("responses", Response + "}")).GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString()!;

    public async Task<string[]> StreamResponseAsync()
    {
        var events = (await EventsAsync("responses", Response + ",\"stream\":true}")).Where(data => data != Done).Select(Parse).ToList();
        Assert.Equal("response.completed", events[^1].GetProperty("type").GetString());
        return [.. events.Where(data => data.GetProperty("type").GetString() == "response.output_text.delta").Select(data => data.GetProperty("delta").GetString()!)];
    }

    public async Task<ClientError> FailAsync()
    {
        var (status, text) = await RunAsync("chat/completions", Chat + "}");
        return new ClientError(status, Parse(text).GetProperty("error").GetProperty("type").GetString()!);
    }

    private static string Delta(string data) =>
        Parse(data).GetProperty("choices")[0].GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() ?? "" : "";

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    private async Task<JsonElement> JsonAsync(string path, string? body = null)
    {
        var (status, text) = await RunAsync(path, body);
        Assert.True(status == 200, text);
        return Parse(text);
    }

    private async Task<string[]> EventsAsync(string path, string body)
    {
        const string Data = "data: ";
        var (status, text) = await RunAsync(path, body);
        Assert.True(status == 200, text);
        return [.. text.Split('\n').Where(line => line.StartsWith(Data, StringComparison.Ordinal)).Select(line => line[Data.Length..])];
    }

    private async Task<(int Status, string Text)> RunAsync(string path, string? body)
    {
        string[] arguments =
        [
            "--silent", "--show-error", "--no-buffer", $"--http{version}", "--cacert", served.CertificateAuthorityFile,
            "--header", $"Authorization: Bearer {key}", "--header", "Content-Type: application/json",
            "--write-out", "\\n%{http_version} %{http_code}", $"{served.Endpoint}/{path}",
            .. body is null ? (string[])[] : ["--data", body],
        ];
        var lines = (await ClientProgram.RunAsync(Programs.Find("curl"), arguments)).TrimEnd('\n').Split('\n');
        var result = lines[^1].Split(' ');
        Assert.Equal(version, result[0]);
        return (int.Parse(result[1], CultureInfo.InvariantCulture), string.Join('\n', lines[..^1]));
    }
}
