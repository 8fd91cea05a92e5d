using VllmSecure.Proxy.Routing.Servers;

namespace VllmSecure.Proxy.Routing.Choice;

/// <summary>A request's way through the stages of its plan; a server is tried once.</summary>
internal sealed class RequestRoute(IReadOnlyList<UpstreamServer> servers, IReadOnlyList<RouteStage> stages)
{
    private readonly List<UpstreamServer> _tried = [];

    /// <summary>Whether there is one server in all, tried or not, and so nothing to choose.</summary>
    public bool HasOneServer => servers.Count == 1;

    /// <summary>The servers of the first stage that has untried ones, with its model; null: all were tried.</summary>
    /// <param name="condition">What they must fulfil; null: nothing.</param>
    public (IReadOnlyList<UpstreamServer> Servers, string? Model)? Next(Func<UpstreamServer, bool>? condition = null)
    {
        foreach (var stage in stages)
        {
            var untried = new List<UpstreamServer>(stage.Servers.Count);
            foreach (var i in stage.Servers)
            {
                if (!_tried.Contains(servers[i]) && condition?.Invoke(servers[i]) != false)
                {
                    untried.Add(servers[i]);
                }
            }

            if (untried.Count > 0)
            {
                return (untried, stage.Model);
            }
        }

        return null;
    }

    /// <summary>Whether an untried server fulfils a condition.</summary>
    public bool HasUntried(Func<UpstreamServer, bool> condition)
    {
        foreach (var stage in stages)
        {
            foreach (var i in stage.Servers)
            {
                if (!_tried.Contains(servers[i]) && condition(servers[i]))
                {
                    return true;
                }
            }
        }

        return false;
    }

    public void Tried(UpstreamServer server) => _tried.Add(server);

    /// <summary>The way by what is known now; what was tried on this one stays tried.</summary>
    public RequestRoute Renew(RequestRoute current)
    {
        current._tried.AddRange(_tried);
        return current;
    }
}
