using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace VllmSecure.IntegrationTests.Harness;

/// <summary>The requests that most tests send, and how to read their answers.</summary>
internal static class ChatRequests
{
    public const string Path = "/v1/chat/completions";
    public const string Model = "test-model";

    public static HttpRequestMessage Chat(bool stream = false, int maxTokens = 8, string prompt = "Say hello.", string path = Path) =>
        Post(path, Body(stream, maxTokens, prompt));

    public static string Body(bool stream = false, int maxTokens = 8, string prompt = "Say hello.") =>
        $$"""{"model":"{{Model}}","stream":{{(stream ? "true" : "false")}},"max_tokens":{{maxTokens}},"messages":[{"role":"user","content":"{{prompt}}"}]}""";

    public static HttpRequestMessage Post(string path, string json)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(json));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
    }

    /// <summary>Sends and returns as soon as the headers are there, in the client's own HTTP version.</summary>
    public static Task<HttpResponseMessage> SendForStreamAsync(this HttpClient client, HttpRequestMessage request, CancellationToken cancellationToken = default)
    {
        request.Version = client.DefaultRequestVersion;
        request.VersionPolicy = client.DefaultVersionPolicy;
        return client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>The <c>error.code</c> of an OpenAI error answer; fails on any other shape.</summary>
    public static async Task<string?> ErrorCodeAsync(this HttpResponseMessage response)
    {
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        using var json = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        var error = json.RootElement.GetProperty("error");
        Assert.False(string.IsNullOrWhiteSpace(error.GetProperty("message").GetString()));
        Assert.False(string.IsNullOrWhiteSpace(error.GetProperty("type").GetString()));
        Assert.True(error.TryGetProperty("param", out _));
        return error.GetProperty("code").GetString();
    }
}
