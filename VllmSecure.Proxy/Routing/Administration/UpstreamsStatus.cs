using System.Text.Json;
using VllmSecure.Proxy.Routing.Servers;
using VllmSecure.Proxy.Telemetry;

namespace VllmSecure.Proxy.Routing.Administration;

/// <summary><c>upstreams</c> in <c>/status</c>: every server as the proxy sees it now.</summary>
internal sealed class UpstreamsStatus(UpstreamServers servers) : IStatusContributor
{
    public string Name => "upstreams";

    public void Write(Utf8JsonWriter json) =>
        JsonSerializer.Serialize(json, [.. servers.All.Select(Describe).OrderBy(server => server.Name, StringComparer.Ordinal)], RoutingJson.Default.ServerStatusArray);

    private ServerStatus Describe(UpstreamServer server)
    {
        var state = servers.IsDrained(server) ? "draining"
            : !server.Breaker.IsAvailable ? "down"
            : server.Breaker.Share < 1 ? "warming"
            : "up";
        var gauges = server.Gauges;
        return new ServerStatus(
            server.Name, server.Upstream, state, server.Requests, server.Tokens, servers.WeightOf(server), servers.ModelsOf(server),
            gauges?.Running, gauges?.Waiting, gauges?.CacheUsage);
    }
}
