using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Routing.Servers;
using Yarp.ReverseProxy.LoadBalancing;

namespace VllmSecure.Proxy.Routing.Balancing;

/// <summary>Takes the snapshot, lets the configured policy decide, and remembers what the decision brings with it.</summary>
internal sealed class ServerBalancer(
    UpstreamServers servers, IEnumerable<ILoadBalancingPolicy> yarpPolicies, IOptions<RoutingOptions> options)
{
    /// <summary>A standby's weight of 0 means when it is used, not how much: among standbys all are equal.</summary>
    private const double StandbyWeight = 1;

    public ServerChoice Choose(HttpContext context, ProxyExchange exchange, IReadOnlyList<UpstreamServer> candidates, string? model, bool isOnlyServer)
    {
        var tokens = RequestWork.TokensOf(exchange.Request);
        var policy = options.Value.Policy;
        if (isOnlyServer || (candidates.Count == 1 && policy != BalancingPolicies.PrefixAffinity))
        {
            return new ServerChoice(candidates[0], tokens); // Nothing to decide, and nothing worth remembering: one server must cost nothing.
        }

        if (options.Value.StickyHeader is { } header && context.Request.Headers[header].ToString() is { Length: > 0 } word)
        {
            // Two clients that use the same word have nothing in common.
            word = $"{exchange.Client?.KeyId}\n{word}";
            return new ServerChoice(candidates[StickyChoice.Choose(word, [.. candidates.Select(server => (server.Name, WeightOf(server)))])], tokens);
        }

        return policy switch
        {
            BalancingPolicies.LeastLoad => ChooseByLoad(tokens, candidates, []),
            BalancingPolicies.PrefixAffinity => ChooseByLoad(tokens, candidates, PromptBlocks.Of(exchange.Body, model, exchange.CacheSalt)),
            _ => new ServerChoice(ChooseByYarp(context, candidates, policy), tokens),
        };
    }

    private ServerChoice ChooseByLoad(long tokens, IReadOnlyList<UpstreamServer> candidates, ulong[] prompt)
    {
        var loads = new ServerLoad[candidates.Count];
        for (var i = 0; i < loads.Length; i++)
        {
            loads[i] = LoadOf(candidates[i], prompt);
        }

#pragma warning disable CA5394 // Which of two equal servers is taken is no secret.
        var tie = Random.Shared.NextDouble();
#pragma warning restore CA5394
        var chosen = LeastLoad.Choose(loads, tokens, tie);
        if (prompt.Length > 0)
        {
            candidates[chosen].Prefixes.Add(prompt);
        }

        return new ServerChoice(candidates[chosen], LeastLoad.WorkOf(loads[chosen], tokens));
    }

    private UpstreamServer ChooseByYarp(HttpContext context, IReadOnlyList<UpstreamServer> candidates, string name)
    {
        var policy = yarpPolicies.First(policy => policy.Name == name);
        // The cluster is only where a policy keeps its turn; ours stand for one server each, so one of them does for all.
        var destination = policy.PickDestination(context, servers.All[0].Cluster, [.. candidates.Select(server => server.Destination)]);
        return candidates.First(server => ReferenceEquals(server.Destination, destination));
    }

    private ServerLoad LoadOf(UpstreamServer server, ulong[] prompt)
    {
        var gauges = servers.GaugesOf(server);
        return new ServerLoad(WeightOf(server), server.Tokens)
        {
            ForeignRequests = gauges is null ? 0 : Math.Max(0, gauges.Running + gauges.Waiting - gauges.OwnRequests),
            CacheUsage = gauges?.CacheUsage ?? 0,
            CachedTokens = prompt.Length == 0 ? 0 : server.Prefixes.Match(prompt) * PromptBlocks.TokensPerBlock,
        };
    }

    private double WeightOf(UpstreamServer server) =>
        (servers.WeightOf(server) is > 0 and var weight ? weight : StandbyWeight) * server.Breaker.Share;
}
