using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Routing.Models;
using VllmSecure.Proxy.Routing.Servers;

namespace VllmSecure.Proxy.Routing.Choice;

/// <summary>Finds the servers for a request by its model: aliases, the default model, fallbacks.</summary>
internal sealed class RequestRouter(UpstreamServers servers, ModelCatalog catalog, IOptions<RoutingOptions> options)
{
    public async ValueTask<RequestRoute> RouteAsync(ProxyExchange exchange)
    {
        var model = ModelOf(exchange);
        var all = servers.All;
        if (exchange.BoundServer is null && all.Count > 1 && model is not null && !all.Exists(server => servers.ModelsOf(server)?.Contains(model, StringComparer.Ordinal) == true))
        {
            // Loaded a moment ago, perhaps: the catalog asks, once a second at the most.
            await catalog.GetAsync(exchange.Aborted);
            all = servers.All;
        }

        return Route(exchange, model, all);
    }

    /// <summary>The route by what is known now; no server is asked.</summary>
    public RequestRoute Route(ProxyExchange exchange) => Route(exchange, ModelOf(exchange), servers.All);

    private RequestRoute Route(ProxyExchange exchange, string? model, List<UpstreamServer> all)
    {
        if (exchange.BoundServer is { } bound)
        {
            // Whatever its health: nobody else can serve it.
            all = all.FindAll(server => server.Name == bound);
            return new RequestRoute(all, all.Count > 0 ? [new RouteStage(model, [0])] : []);
        }

        return new RequestRoute(all, RoutePlan.Create(model, FallbacksOf(model, exchange), all.ConvertAll(FactsOf)));
    }

    private ServerFacts FactsOf(UpstreamServer server) =>
        new(servers.ModelsOf(server), server.Breaker.IsAvailable, servers.IsDrained(server), servers.WeightOf(server) <= 0);

    /// <summary>The key was checked for the model asked for; what may stand in for it is another one. A form goes on as it is, and names its model.</summary>
    private string[] FallbacksOf(string? model, ProxyExchange exchange) =>
        model is not null && exchange.Body is not null && options.Value.Fallbacks.TryGetValue(model, out var configured)
            ? Array.FindAll(configured, fallback => exchange.Client?.MayUseModel(fallback) != false)
            : [];

    /// <summary>The model to ask a server for. The key was checked for the name in the request; the default has none there.</summary>
    private string? ModelOf(ProxyExchange exchange)
    {
        if (exchange is { Request: { Model: null }, Endpoint.Operation: not null } && options.Value.DefaultModel is { } standard)
        {
            return exchange.Client?.MayUseModel(standard) != false ? standard : null;
        }

        return exchange.Request?.Model is { } asked ? options.Value.Aliases.GetValueOrDefault(asked, asked) : null;
    }
}
