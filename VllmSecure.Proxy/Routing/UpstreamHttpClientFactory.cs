using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace VllmSecure.Proxy.Routing;

/// <summary>YARP's client factory with the connect budget and a pool that forgets connections before vLLM closes them.</summary>
internal sealed class UpstreamHttpClientFactory(
    ILogger<ForwarderHttpClientFactory> logger, IOptions<TimeoutsOptions> timeouts, IOptions<RoutingOptions> routing)
    : ForwarderHttpClientFactory(logger)
{
    protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
    {
        base.ConfigureHandler(context, handler);
        handler.ConnectTimeout = TimeSpan.FromSeconds(timeouts.Value.ConnectSeconds);
        handler.PooledConnectionIdleTimeout = TimeSpan.FromSeconds(routing.Value.PooledConnectionIdleSeconds);
    }
}
