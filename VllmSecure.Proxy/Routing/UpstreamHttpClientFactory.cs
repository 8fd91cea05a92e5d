using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Routing.Connections;
using Yarp.ReverseProxy.Forwarder;

namespace VllmSecure.Proxy.Routing;

/// <summary>
/// YARP's client factory with our connections, the connect budget, and a pool that forgets connections before vLLM closes
/// them. A client that is replaced lives on until its last stream has ended.
/// </summary>
internal sealed class UpstreamHttpClientFactory(
    ILogger<ForwarderHttpClientFactory> logger, CurrentUpstreams upstreams, INameResolver names,
    IOptions<TimeoutsOptions> timeouts, IOptions<RoutingOptions> routing)
    : ForwarderHttpClientFactory(logger)
{
    protected override bool CanReuseOldClient(ForwarderHttpClientContext context) =>
        base.CanReuseOldClient(context) && ConnectionOf(context.OldMetadata) == ConnectionOf(context.NewMetadata);

    protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
    {
        base.ConfigureHandler(context, handler);
        handler.ConnectTimeout = TimeSpan.FromSeconds(timeouts.Value.ConnectSeconds);
        handler.PooledConnectionIdleTimeout = TimeSpan.FromSeconds(routing.Value.PooledConnectionIdleSeconds);
        var settings = upstreams.Configured.Upstreams.GetValueOrDefault(context.ClusterId) ?? new UpstreamOptions();
        var connection = UpstreamConnection.Of(context.ClusterId, settings);
        var tls = new UpstreamTls(connection);
        handler.ConnectCallback = new UpstreamConnector(connection, tls, names).ConnectAsync;
        tls.Configure(handler.SslOptions);

        // Idleness is looked at by a timer only, each second, and later on a busy machine: too late for some requests. Age is
        // looked at whenever a connection is taken; one that is younger cannot have been idle for longer.
        handler.PooledConnectionLifetime = handler.PooledConnectionIdleTimeout;
    }

    protected override HttpMessageHandler WrapHandler(ForwarderHttpClientContext context, HttpMessageHandler handler) =>
        new OneWriteHandler(base.WrapHandler(context, handler));

    private static string? ConnectionOf(IReadOnlyDictionary<string, string>? metadata) =>
        metadata?.GetValueOrDefault(UpstreamConnection.MetadataKey);
}
