namespace VllmSecure.Proxy.Routing.Choice;

/// <summary>Where a request may go, best first: a pure function of the model and of what is known about the servers.</summary>
internal static class RoutePlan
{
    /// <summary>
    /// The stages: servers of the model, then standbys, then the same for each fallback. If nothing is in order, the model's
    /// servers all the same: a wrong judgement of the proxy must not become an outage. Empty: nobody may serve it.
    /// </summary>
    public static IReadOnlyList<RouteStage> Create(string? model, IReadOnlyList<string> fallbacks, IReadOnlyList<ServerFacts> servers)
    {
        var stages = new List<RouteStage>();
        var own = ServersOf(model, servers);
        AddAvailable(stages, model, own, servers);
        foreach (var fallback in fallbacks)
        {
            AddAvailable(stages, fallback, Where(servers, server => server.Lists(fallback)), servers);
        }

        if (stages.Count == 0)
        {
            Add(stages, model, own.FindAll(i => !servers[i].IsDrained));
        }

        return stages;
    }

    /// <summary>A model that no server lists goes to those that have not listed theirs; else to any, whose own 404 it is then.</summary>
    private static List<int> ServersOf(string? model, IReadOnlyList<ServerFacts> servers)
    {
        var listing = Where(servers, server => server.Lists(model));
        if (listing.Count > 0)
        {
            return listing;
        }

        var unknown = Where(servers, server => server is { Models: null, IsDrained: false });
        return unknown.Count > 0 ? unknown : Where(servers, _ => true);
    }

    private static void AddAvailable(List<RouteStage> stages, string? model, List<int> candidates, IReadOnlyList<ServerFacts> servers)
    {
        Add(stages, model, candidates.FindAll(i => servers[i] is { IsAvailable: true, IsDrained: false, IsStandby: false }));
        Add(stages, model, candidates.FindAll(i => servers[i] is { IsAvailable: true, IsDrained: false, IsStandby: true }));
    }

    private static void Add(List<RouteStage> stages, string? model, List<int> servers)
    {
        if (servers.Count > 0)
        {
            stages.Add(new RouteStage(model, servers));
        }
    }

    private static List<int> Where(IReadOnlyList<ServerFacts> servers, Predicate<ServerFacts> condition)
    {
        var found = new List<int>();
        for (var i = 0; i < servers.Count; i++)
        {
            if (condition(servers[i]))
            {
                found.Add(i);
            }
        }

        return found;
    }
}
