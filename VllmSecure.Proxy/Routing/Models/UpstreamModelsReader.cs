using System.Text.Json;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Routing.Servers;
using VllmSecure.Proxy.Telemetry;

namespace VllmSecure.Proxy.Routing.Models;

/// <summary>Asks one server for its models.</summary>
internal sealed class UpstreamModelsReader(ServerClient client, KnownModels known, IOptions<RoutingOptions> options)
{
    /// <summary>A server that is up lists its models from memory; one that takes longer is not ready for requests either.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>A listing is some hundred bytes a model; more than this is not one.</summary>
    private const int MaxListingBytes = 4 * 1024 * 1024;

    /// <summary>The server's models, kept with it as well; they and their aliases are known from then on. Throws <see cref="HttpRequestException"/>, <see cref="OperationCanceledException"/> or <see cref="JsonException"/>.</summary>
    public async Task<IReadOnlyList<ModelEntry>> ReadAsync(UpstreamServer server, TimeSpan patience, CancellationToken cancellationToken)
    {
        var body = await client.AskAsync(server, "/v1/models", MaxListingBytes, patience, cancellationToken);
        using var document = JsonDocument.Parse(body);
        var models = ParseOrRefuse(document, server.Upstream);
        server.Models = [.. models.Select(model => model.Id)];
        known.Learn(server.Models);
        known.Learn(options.Value.Aliases.Where(alias => server.Models.Contains(alias.Value, StringComparer.Ordinal)).Select(alias => alias.Key));
        return models;
    }

    /// <summary>Text that is no text ("\ud800" alone) is found when it is read, or written, and then by another exception.</summary>
    private static List<ModelEntry> ParseOrRefuse(JsonDocument document, string upstream)
    {
        try
        {
            var models = Parse(document, upstream);
            using var nowhere = new Utf8JsonWriter(Stream.Null, new JsonWriterOptions { SkipValidation = true });
            models.ForEach(model => model.WriteTo(nowhere));
            return models;
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            throw new JsonException("The model listing holds text that is not Unicode.", exception);
        }
    }

    private static List<ModelEntry> Parse(JsonDocument document, string upstream)
    {
        var models = new List<ModelEntry>();
        if (document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("data"u8, out var data)
            || data.ValueKind != JsonValueKind.Array)
        {
            throw new JsonException("The model listing has no array 'data'.");
        }

        foreach (var model in data.EnumerateArray())
        {
            if (model.ValueKind == JsonValueKind.Object
                && model.TryGetProperty("id"u8, out var id)
                && id.ValueKind == JsonValueKind.String)
            {
                models.Add(new ModelEntry(id.GetString()!, model.Clone(), upstream));
            }
        }

        return models;
    }
}
