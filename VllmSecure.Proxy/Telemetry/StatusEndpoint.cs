using System.Buffers;
using System.Text.Json;

namespace VllmSecure.Proxy.Telemetry;

/// <summary><c>GET /status</c>: one JSON object, each property from the feature that it is about.</summary>
internal static class StatusEndpoint
{
    public const string Path = "/status";

    public static async Task HandleAsync(HttpContext context)
    {
        var body = Serialize(context.RequestServices.GetServices<IStatusContributor>());
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    public static ReadOnlyMemory<byte> Serialize(IEnumerable<IStatusContributor> contributors)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            foreach (var contributor in contributors.OrderBy(contributor => contributor.Name, StringComparer.Ordinal))
            {
                json.WritePropertyName(contributor.Name);
                contributor.Write(json);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
