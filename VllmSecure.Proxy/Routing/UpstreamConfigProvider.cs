using System.Net;
using VllmSecure.Proxy.Routing.Connections;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace VllmSecure.Proxy.Routing;

/// <summary>
/// Gives YARP one cluster an upstream, each with connections of its own, and one route for everything: which paths exist
/// is the route firewall's decision, and which cluster serves is made per request.
/// </summary>
internal sealed class UpstreamConfigProvider : IProxyConfigProvider, IConfigChangeListener, IDisposable
{
    /// <summary>YARP's own activity timeout must not fire: the time budgets are kept by <see cref="TimeBudgetMiddleware"/>.</summary>
    private static readonly TimeSpan NoActivityTimeout = TimeSpan.FromDays(20);

    private readonly CurrentUpstreams _upstreams;
    private CancellationTokenSource _changed = new();
    private volatile UpstreamConfig _current;
    private volatile UpstreamConfig? _loaded;

    public UpstreamConfigProvider(CurrentUpstreams upstreams)
    {
        _upstreams = upstreams;
        _current = Create(upstreams.Configured, _changed.Token);
        upstreams.Changed += Update;
    }

    public IProxyConfig GetConfig() => _loaded = _current;

    /// <summary>YARP has found the servers, which takes as long as DNS does, and sends requests to these from now on.</summary>
    public void ConfigurationApplied(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
        // It calls this for the state before too, where it could not take the new one over; around both it wraps a type of its own.
        if (_loaded is { } loaded && proxyConfigs.Any(applied => ReferenceEquals(applied.Routes, loaded.Routes)))
        {
            _upstreams.Use(loaded.Options);
        }
    }

    public void ConfigurationLoaded(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
    }

    public void ConfigurationLoadingFailed(IProxyConfigProvider configProvider, Exception exception)
    {
    }

    public void ConfigurationApplyingFailed(IReadOnlyList<IProxyConfig> proxyConfigs, Exception exception)
    {
    }

    public void Dispose()
    {
        _upstreams.Changed -= Update;
        _changed.Dispose();
    }

    private static UpstreamConfig Create(UpstreamsOptions options, CancellationToken changed)
    {
        var clusters = options.Upstreams.Select(upstream => CreateCluster(upstream.Key, upstream.Value)).ToArray();
        RouteConfig[] routes = clusters is [var first, ..]
            ? [new RouteConfig { RouteId = "api", ClusterId = first.ClusterId, Match = new RouteMatch { Path = "/{**path}" } }]
            : [];
        return new UpstreamConfig(options, routes, clusters, changed);
    }

    private static ClusterConfig CreateCluster(string name, UpstreamOptions options) => new()
    {
        ClusterId = name,
        Destinations = new Dictionary<string, DestinationConfig>(StringComparer.OrdinalIgnoreCase) { [name] = CreateDestination(UpstreamAddress.TryParse(options.Address)!) },
        HttpRequest = new ForwarderRequestConfig
        {
            // vLLM's server speaks HTTP/1.1 only; an h2c attempt loses bodies.
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            ActivityTimeout = NoActivityTimeout,
        },
        Metadata = UpstreamConnection.Of(name, options).ToMetadata(),
    };

    /// <summary>Sockets have one address in all, and only by their paths does YARP see that another is another server.</summary>
    private static DestinationConfig CreateDestination(UpstreamAddress address) => new()
    {
        Address = address.Uri.AbsoluteUri,
        Metadata = address.SocketPath is { } path ? new Dictionary<string, string>(StringComparer.Ordinal) { ["socket"] = path } : null,
    };

    private void Update(object? sender, EventArgs change)
    {
        var previous = _changed;
        _changed = new CancellationTokenSource();
        _current = Create(_upstreams.Configured, _changed.Token);
        previous.Cancel();
        previous.Dispose();
    }
}
