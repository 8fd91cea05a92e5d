using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Model;

namespace VllmSecure.Proxy.Routing.Models;

/// <summary>Asks one upstream for its models, over the same connections and with the same key as requests.</summary>
internal sealed class UpstreamModelsReader(IOptionsMonitor<UpstreamsOptions> options, TimeProvider clock)
{
    /// <summary>A server that is up lists its models from memory; one that takes longer is not ready for requests either.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>A listing is some hundred bytes a model; more than this is not one.</summary>
    private const int MaxListingBytes = 4 * 1024 * 1024;

    /// <summary>The upstream's models. Throws <see cref="HttpRequestException"/>, <see cref="OperationCanceledException"/> or <see cref="JsonException"/>.</summary>
    public async Task<IReadOnlyList<ModelEntry>> ReadAsync(ClusterState cluster, DestinationState destination, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, AddressOf(destination)) { Version = HttpVersion.Version11 };
        if (options.CurrentValue.Upstreams.GetValueOrDefault(cluster.ClusterId)?.ApiKey is { Length: > 0 } key)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        using var response = await cluster.Model.HttpClient.SendAsync(request, either.Token);
        response.EnsureSuccessStatusCode();
        await response.Content.LoadIntoBufferAsync(MaxListingBytes, either.Token);
        var body = await response.Content.ReadAsStreamAsync(either.Token);
        using var document = await JsonDocument.ParseAsync(body, default, either.Token);
        return Parse(document, cluster.ClusterId);
    }

    private static Uri AddressOf(DestinationState destination) =>
        new(destination.Model.Config.Address.TrimEnd('/') + "/v1/models");

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
