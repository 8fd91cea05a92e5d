using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Routing.Connections;
using VllmSecure.Proxy.Routing.Servers;
using VllmSecure.Proxy.Telemetry;

namespace VllmSecure.Proxy.Routing.Models;

/// <summary>
/// The models of all upstreams. Asked for on demand and kept for a moment, so that health probes and impatient clients
/// cost the upstreams one listing each at a time.
/// </summary>
internal sealed class ModelCatalog(
    UpstreamServers servers, UpstreamModelsReader reader, KnownModels known, IOptions<RoutingOptions> options, TimeProvider clock) : IDisposable
{
    /// <summary>Short enough that a model shows up while its start-up log is still on the screen.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _reading = new(1, 1);
    private ModelListing? _listing;
    private long _readAt;

    /// <summary>The listing, at most <see cref="Freshness"/> old.</summary>
    public async Task<ModelListing> GetAsync(CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (_listing is null || clock.GetElapsedTime(_readAt) > Freshness)
            {
                _listing = await ReadAllAsync(cancellationToken);
                _readAt = clock.GetTimestamp();
                known.Learn(_listing.Models.Select(model => model.Id));
            }

            return _listing;
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    private async Task<ModelListing> ReadAllAsync(CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(servers.All.Select(server => TryReadAsync(server, cancellationToken)));
        var models = answers.SelectMany(answer => answer.Models).DistinctBy(model => model.Id, StringComparer.Ordinal).ToArray();
        var aliases = options.Value.Aliases.SelectMany(alias =>
            models.Where(model => string.Equals(model.Id, alias.Value, StringComparison.Ordinal)).Select(model => model with { Id = alias.Key }));
        models = [.. models, .. aliases.ExceptBy(models.Select(model => model.Id), alias => alias.Id, StringComparer.Ordinal)];
        var failures = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var answer in answers.Where(answer => answer.Failure is not null))
        {
            failures[answer.Upstream] = answer.Failure!;
        }

        return new ModelListing(models, failures, answers.Count(answer => answer.Models.Count > 0));
    }

    private async Task<(string Upstream, IReadOnlyList<ModelEntry> Models, string? Failure)> TryReadAsync(
        UpstreamServer server, CancellationToken cancellationToken)
    {
        try
        {
            var models = await reader.ReadAsync(server, cancellationToken);
            return (server.Name, models, models.Count == 0 ? "it lists no model yet" : null);
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or IOException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return (server.Name, [], Describe(exception));
        }
    }

    private static string Describe(Exception exception) => exception switch
    {
        HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } =>
            "it refuses connections: it is still loading its model, or is down",
        HttpRequestException { InnerException: PlainHttpRefusedException refused } => refused.Message,
        HttpRequestException { StatusCode: { } status } => $"it answers HTTP {(int)status}",
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "its name cannot be resolved",
        OperationCanceledException => "it does not answer in time",
        JsonException => "its /v1/models is no model listing",
        _ => "it cannot be reached",
    };
}
