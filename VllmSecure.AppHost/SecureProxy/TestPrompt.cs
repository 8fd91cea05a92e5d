using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace VllmSecure.AppHost.SecureProxy;

/// <summary>Streams one short completion through the proxy, as any client would.</summary>
internal sealed class TestPrompt : IDisposable
{
    private readonly TimeProvider _time;
    private readonly HttpClient _client;

    public TestPrompt(Uri address, TimeProvider time)
    {
        _time = time;
        var handler = new HttpClientHandler();
        if (address.IsLoopback)
        {
            // The certificate of a developer's own machine, seen from that machine: there is nobody in between.
#pragma warning disable MA0039 // Only here, and only for loopback.
            handler.ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator;
#pragma warning restore MA0039
        }

        _client = new HttpClient(handler) { BaseAddress = address };
    }

    /// <summary>Sends the prompt and reads the stream to its end.</summary>
    /// <exception cref="HttpRequestException">The answer was an error, before the stream or in it.</exception>
    public async Task<TestPromptResult> SendAsync(string key, string model, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Content = new StringContent(Body(model), Encoding.UTF8, "application/json");
        var started = _time.GetTimestamp();
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
        }

        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var text = new StringBuilder();
        TimeSpan? first = null;
        JsonElement? usage = null;
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellationToken))
        {
            if (item.Data == "[DONE]")
            {
                break;
            }

            using var chunk = JsonDocument.Parse(item.Data);
            ThrowIfError(chunk.RootElement);
            if (Content(chunk.RootElement) is { Length: > 0 } content)
            {
                first ??= _time.GetElapsedTime(started);
                text.Append(content);
            }

            if (chunk.RootElement.TryGetProperty("usage", out var counted) && counted.ValueKind == JsonValueKind.Object)
            {
                usage = counted.Clone();
            }
        }

        var total = _time.GetElapsedTime(started);
        return new TestPromptResult(text.ToString(), Tokens(usage, "prompt_tokens"), Tokens(usage, "completion_tokens"), first ?? total, total);
    }

    public void Dispose() => _client.Dispose();

    private static string Body(string model) => new JsonObject
    {
        ["model"] = model,
        ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "Say hello in five words." }),
        ["max_tokens"] = 32,
        ["stream"] = true,
        ["stream_options"] = new JsonObject { ["include_usage"] = true },
    }.ToJsonString();

    private static void ThrowIfError(JsonElement chunk)
    {
        // vLLM reports a failure in mid-stream as an event, under a status that is 200 for good.
        if (chunk.TryGetProperty("error", out var error))
        {
            throw new HttpRequestException(error.TryGetProperty("message", out var message) ? message.GetString() : "The stream ended with an error.");
        }
    }

    private static string? Content(JsonElement chunk) =>
        chunk.TryGetProperty("choices", out var choices)
        && choices.GetArrayLength() > 0
        && choices[0].TryGetProperty("delta", out var delta)
        && (delta.TryGetProperty("content", out var content) || delta.TryGetProperty("reasoning", out content))
            ? content.GetString()
            : null;

    private static int Tokens(JsonElement? usage, string name) =>
        usage is { } counted && counted.TryGetProperty(name, out var tokens) ? tokens.GetInt32() : 0;
}
