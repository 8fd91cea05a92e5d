using System.Net;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace VllmSecure.Proxy.Routing;

/// <summary>
/// Gives YARP one cluster an upstream, each with connections of its own, and one route for everything: which paths exist
/// is the route firewall's decision, and which cluster serves is made per request.
/// </summary>
internal sealed partial class UpstreamConfigProvider : IProxyConfigProvider, IDisposable
{
    /// <summary>YARP's own activity timeout must not fire: the time budgets are kept by <see cref="TimeBudgetMiddleware"/>.</summary>
    private static readonly TimeSpan NoActivityTimeout = TimeSpan.FromDays(20);

    private readonly IDisposable? _subscription;
    private readonly ILogger<UpstreamConfigProvider> _logger;
    private CancellationTokenSource _changed = new();
    private volatile UpstreamConfig _current;

    public UpstreamConfigProvider(IOptionsMonitor<UpstreamsOptions> options, ILogger<UpstreamConfigProvider> logger)
    {
        _logger = logger;
        _current = CreateFirst(options, _changed.Token);
        _subscription = options.OnChange(Update);
    }

    public IProxyConfig GetConfig() => _current;

    public void Dispose()
    {
        _subscription?.Dispose();
        _changed.Dispose();
    }

    /// <summary>YARP asks before the host validates: wrong options give no upstreams here, and the host then names all that is wrong.</summary>
    private static UpstreamConfig CreateFirst(IOptionsMonitor<UpstreamsOptions> options, CancellationToken changed)
    {
        try
        {
            return Create(options.CurrentValue, changed);
        }
        catch (OptionsValidationException)
        {
            return new UpstreamConfig([], [], changed);
        }
    }

    private static UpstreamConfig Create(UpstreamsOptions options, CancellationToken changed)
    {
        var clusters = options.Upstreams.Select(upstream => CreateCluster(upstream.Key, upstream.Value)).ToArray();
        RouteConfig[] routes = clusters is [var first, ..]
            ? [new RouteConfig { RouteId = "api", ClusterId = first.ClusterId, Match = new RouteMatch { Path = "/{**path}" } }]
            : [];
        return new UpstreamConfig(routes, clusters, changed);
    }

    private static ClusterConfig CreateCluster(string name, UpstreamOptions options) => new()
    {
        ClusterId = name,
        Destinations = new Dictionary<string, DestinationConfig>(StringComparer.OrdinalIgnoreCase)
        {
            [name] = new() { Address = options.Address! },
        },
        HttpRequest = new ForwarderRequestConfig
        {
            // vLLM's server speaks HTTP/1.1 only; an h2c attempt loses bodies.
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            ActivityTimeout = NoActivityTimeout,
        },
    };

    private void Update(UpstreamsOptions options)
    {
        var previous = _changed;
        _changed = new CancellationTokenSource();
        _current = Create(options, _changed.Token);
        Log.UpstreamsChanged(_logger, options.Upstreams.Count);
        previous.Cancel();
        previous.Dispose();
    }
}
