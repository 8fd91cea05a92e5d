using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Routing;

/// <summary>
/// The upstreams as configured now, and as they are in use: names are looked up before a change holds, and until then a server that
/// is gone from the configuration still gets requests, with its own key. A change that is wrong is none.
/// </summary>
internal sealed partial class CurrentUpstreams : IDisposable
{
    private readonly ILogger<CurrentUpstreams> _logger;
    private readonly IDisposable? _subscription;
    private volatile UpstreamsOptions _configured;
    private volatile UpstreamsOptions _used;

    public CurrentUpstreams(IOptionsMonitor<UpstreamsOptions> options, ILogger<CurrentUpstreams> logger)
    {
        _logger = logger;
        try
        {
            _configured = options.CurrentValue;
        }
        catch (OptionsValidationException)
        {
            // YARP asks before the host validates: no upstreams here, and the host then names all that is wrong.
            _configured = new UpstreamsOptions();
        }

        _used = _configured;
        _subscription = options.OnChange(Update);
    }

    /// <summary>There are other upstreams, or other settings of them.</summary>
    public event EventHandler? Changed;

    /// <summary>As configured: what is to be used next.</summary>
    public UpstreamsOptions Configured => _configured;

    /// <summary>As the servers stand that get requests now.</summary>
    public UpstreamsOptions Used => _used;

    /// <summary>The settings by which requests go to an upstream now.</summary>
    public UpstreamOptions? Find(string? name) => name is null ? null : _used.Upstreams.GetValueOrDefault(name);

    /// <summary>The servers are these from now on.</summary>
    public void Use(UpstreamsOptions upstreams) => _used = upstreams;

    public void Dispose() => _subscription?.Dispose();

    private void Update(UpstreamsOptions options)
    {
        if (options == _configured)
        {
            return; // The last good ones again.
        }

        _configured = options;
        Log.Changed(_logger, options.Upstreams.Count);
        Changed?.Invoke(this, EventArgs.Empty);
    }
}
