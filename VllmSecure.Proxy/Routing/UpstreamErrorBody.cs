using System.Text.Json;

namespace VllmSecure.Proxy.Routing;

/// <summary>
/// Tells vLLM's own errors, which clients get in its words, from those of what stands around it: its web framework
/// (<c>{"detail":"Not Found"}</c>), its web server (plain text), another proxy before it (a page).
/// </summary>
internal static class UpstreamErrorBody
{
    /// <summary>vLLM quotes the validation error of a request, which may be long; more is no error that anybody reads.</summary>
    private const int MaxBytes = 256 * 1024;

    /// <summary>
    /// Whether the body is the error object of OpenAI's API or of Anthropic's, or the flat one of older vLLMs
    /// (<c>{"object":"error","message":…}</c>). It stays readable for whoever passes it on.
    /// </summary>
    public static async ValueTask<bool> IsErrorObjectAsync(HttpContent content, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentType?.MediaType != "application/json")
        {
            return false;
        }

        try
        {
            await content.LoadIntoBufferAsync(MaxBytes, cancellationToken);
            using var json = JsonDocument.Parse(await content.ReadAsByteArrayAsync(cancellationToken));
            return json.RootElement.ValueKind == JsonValueKind.Object
                && ((json.RootElement.TryGetProperty("error"u8, out var error) && error.ValueKind == JsonValueKind.Object)
                    || (json.RootElement.TryGetProperty("object"u8, out var kind) && kind.ValueKind == JsonValueKind.String && kind.ValueEquals("error"u8)));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or HttpRequestException or IOException)
        {
            return false; // Broken off, too long, no JSON, or text in it that is none (half a surrogate pair).
        }
    }
}
