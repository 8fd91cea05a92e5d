using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Commands;
using VllmSecure.Proxy.Errors;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Listeners;

/// <summary>Opens the planned sockets on Kestrel, each bound to its role, with the limits on all of them.</summary>
internal sealed class KestrelListenersSetup(
    IOptions<ListenerOptions> listeners,
    IOptions<ManagementOptions> management,
    IOptions<LimitsOptions> limits,
    HttpsListenerSetup https,
    BoundListeners bound,
    TimeProvider clock) : IConfigureOptions<KestrelServerOptions>
{
    // A client behind a dead NAT entry would otherwise hold its stream, and the GPU's work for it, until TCP gives up.
    private static readonly TimeSpan Http2PingDelay = TimeSpan.FromSeconds(60);

    // Kestrel's own grace time before a minimum rate is enforced.
    private static readonly TimeSpan RateGracePeriod = TimeSpan.FromSeconds(5);

    public void Configure(KestrelServerOptions options)
    {
        try
        {
            Open(options);
        }
        catch (Exception exception) when (ProxyStart.Describe(exception) is not null)
        {
            // The server is made when the application is built; the host validates at start, and then names all that is wrong.
        }
    }

    private void Open(KestrelServerOptions options)
    {
        ApplyLimits(options, limits.Value);
        var clients = limits.Value.MaxConnectionsPerAddress > 0 ? new AddressConnections(limits.Value.MaxConnectionsPerAddress) : null;
        foreach (var endpoint in ListenerPlan.Create(listeners.Value, []))
        {
            Listen(options, endpoint, clients);
        }

        var address = IPAddress.Parse(management.Value.Address);
        Listen(options, new ListenerEndpoint(ListenerRole.Management, address, management.Value.Port), clients: null);
    }

    private static void ApplyLimits(KestrelServerOptions options, LimitsOptions limits)
    {
        options.AddServerHeader = false;
        var kestrel = options.Limits;
        kestrel.MaxConcurrentConnections = limits.MaxConnections;
        kestrel.MaxConcurrentUpgradedConnections = limits.MaxConnections;
        kestrel.RequestHeadersTimeout = TimeSpan.FromSeconds(limits.HeadersTimeoutSeconds);
        kestrel.KeepAliveTimeout = TimeSpan.FromSeconds(limits.KeepAliveSeconds);
        kestrel.MaxRequestHeadersTotalSize = limits.MaxHeadersBytes;
        kestrel.MaxRequestHeaderCount = limits.MaxHeaders;

        // No body at all until the route firewall knows the endpoint and sets its limit.
        kestrel.MaxRequestBodySize = 0;
        kestrel.MinRequestBodyDataRate = Rate(limits.MinRequestBytesPerSecond);
        kestrel.MinResponseDataRate = Rate(limits.MinResponseBytesPerSecond);
        kestrel.Http2.MaxStreamsPerConnection = limits.MaxStreamsPerConnection;
        kestrel.Http2.KeepAlivePingDelay = Http2PingDelay;
    }

    private static MinDataRate? Rate(double bytesPerSecond) =>
        bytesPerSecond > 0 ? new MinDataRate(bytesPerSecond, RateGracePeriod) : null;

    private void Listen(KestrelServerOptions options, ListenerEndpoint endpoint, AddressConnections? clients)
    {
        switch (endpoint)
        {
            // Kestrel cannot find one free port on both loopback addresses.
            case { IsLocalhost: true, Port: 0 }:
                options.Listen(IPAddress.Loopback, 0, Configure);
                break;
            case { IsLocalhost: true }:
                options.ListenLocalhost(endpoint.Port, Configure);
                break;
            case { Address: { } address }:
                options.Listen(address, endpoint.Port, Configure);
                break;
            default:
                options.ListenAnyIP(endpoint.Port, Configure);
                break;
        }

        void Configure(ListenOptions listen)
        {
            bound.Add(endpoint.Role, listen);
            BindRole(listen, new ListenerFeature(endpoint.Role));
            if (clients is not null)
            {
                listen.Use(next => new AddressLimitMiddleware(next, clients).OnConnectionAsync);
            }

            if (endpoint.Role == ListenerRole.Inference)
            {
                // HTTP/3 without libmsquic starts and is simply not offered.
                listen.Protocols = listeners.Value.Http3 ? HttpProtocols.Http1AndHttp2AndHttp3 : HttpProtocols.Http1AndHttp2;
                https.Configure(listen, TimeSpan.FromSeconds(limits.Value.HandshakeTimeoutSeconds));
                listen.Use(next => new ConnectionEndMiddleware(next, clock).OnConnectionAsync);
            }
            else
            {
                listen.Protocols = HttpProtocols.Http1;
            }

            listen.UseRejectedRequestAnswers();
        }
    }

    private static void BindRole(ListenOptions listen, ListenerFeature role)
    {
        listen.Use(next => connection =>
        {
            connection.Features.Set(role);
            return next(connection);
        });
        ((IMultiplexedConnectionBuilder)listen).Use(next => connection =>
        {
            connection.Features.Set(role);
            return next(connection);
        });
    }
}
