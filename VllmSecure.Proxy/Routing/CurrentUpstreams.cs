using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Routing;

/// <summary>The upstreams as configured now. It follows changes of the configuration; a change that is wrong is none.</summary>
internal sealed partial class CurrentUpstreams : IDisposable
{
    private readonly ILogger<CurrentUpstreams> _logger;
    private readonly IDisposable? _subscription;
    private volatile UpstreamsOptions _current;

    public CurrentUpstreams(IOptionsMonitor<UpstreamsOptions> options, ILogger<CurrentUpstreams> logger)
    {
        _logger = logger;
        try
        {
            _current = options.CurrentValue;
        }
        catch (OptionsValidationException)
        {
            // YARP asks before the host validates: no upstreams here, and the host then names all that is wrong.
            _current = new UpstreamsOptions();
        }

        _subscription = options.OnChange(Update);
    }

    /// <summary>There are other upstreams, or other settings of them.</summary>
    public event EventHandler? Changed;

    public UpstreamsOptions Value => _current;

    public UpstreamOptions? Find(string? name) => name is null ? null : _current.Upstreams.GetValueOrDefault(name);

    public void Dispose() => _subscription?.Dispose();

    private void Update(UpstreamsOptions options)
    {
        if (options == _current)
        {
            return; // The last good ones again.
        }

        _current = options;
        Log.Changed(_logger, options.Upstreams.Count);
        Changed?.Invoke(this, EventArgs.Empty);
    }
}
