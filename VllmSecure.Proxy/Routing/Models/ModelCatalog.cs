using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Routing.Health;
using VllmSecure.Proxy.Routing.Servers;

namespace VllmSecure.Proxy.Routing.Models;

/// <summary>
/// The models of all upstreams. Asked for on demand and kept for a moment, so that health probes and impatient clients
/// cost the upstreams one listing each at a time.
/// </summary>
internal sealed class ModelCatalog(
    UpstreamServers servers, UpstreamModelsReader reader, IOptions<RoutingOptions> options, TimeProvider clock) : IDisposable
{
    /// <summary>Short enough that a model shows up while its start-up log is still on the screen.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    /// <summary>For a server whose last look failed: one that is back answers at once, and one that hangs must hold up neither probes nor clients.</summary>
    private static readonly TimeSpan ShortPatience = TimeSpan.FromMilliseconds(500);

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
        string[] ready = [.. answers.Where(answer => answer.Models.Count > 0).Select(answer => answer.Server.Name)];
        var models = answers.SelectMany(answer => Routed(answer.Server, answer.Models)).DistinctBy(model => model.Id, StringComparer.Ordinal).ToArray();
        var aliases = options.Value.Aliases.SelectMany(alias =>
            models.Where(model => string.Equals(model.Id, alias.Value, StringComparison.Ordinal)).Select(model => model with { Id = alias.Key }));
        models = [.. models, .. aliases.ExceptBy(models.Select(model => model.Id), alias => alias.Id, StringComparer.Ordinal)];
        var failures = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var answer in answers.Where(answer => answer.Failure is not null))
        {
            failures[answer.Server.Name] = answer.Failure!;
        }

        return new ModelListing(models, failures, ready, answers.Any(answer => answer.IsLoading));
    }

    /// <summary>Without the models that <c>Upstreams:name:Models</c> leaves out: requests for them do not go there.</summary>
    private IEnumerable<ModelEntry> Routed(UpstreamServer server, IReadOnlyList<ModelEntry> models) =>
        servers.ModelsOf(server) is { } routed ? models.Where(model => routed.Contains(model.Id, StringComparer.Ordinal)) : models;

    private async Task<(UpstreamServer Server, IReadOnlyList<ModelEntry> Models, string? Failure, bool IsLoading)> TryReadAsync(
        UpstreamServer server, CancellationToken cancellationToken)
    {
        try
        {
            var patience = server.LastLook is { Failure: not null } ? ShortPatience : UpstreamModelsReader.Patience;
            var models = await reader.ReadAsync(server, patience, cancellationToken);
            return (server, models, models.Count == 0 ? "it lists no model yet" : null, models.Count == 0);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return (server, [], LookFailure.Describe(exception), LookFailure.IsLoading(exception)); // Whatever it is: one server must not take the others' models away.
        }
    }
}
