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

        // Idleness is looked at by a timer only, each second, and later on a busy machine: too late for some requests. Age is
        // looked at whenever a connection is taken; one that is younger cannot have been idle for longer.
        handler.PooledConnectionLifetime = handler.PooledConnectionIdleTimeout;
    }
}
