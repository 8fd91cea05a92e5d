using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace VllmSecure.Proxy.Routing;

/// <summary>
/// The upstreams as configured now. It follows changes of the configuration, and keeps what was good where a change is not:
/// a typing error in a running proxy's configuration must not take its upstreams away.
/// </summary>
internal sealed partial class CurrentUpstreams : IDisposable
{
    private readonly IOptionsFactory<UpstreamsOptions> _factory;
    private readonly ILogger<CurrentUpstreams> _logger;
    private readonly IDisposable _subscription;
    private volatile UpstreamsOptions _current;

    public CurrentUpstreams(IOptionsFactory<UpstreamsOptions> factory, IConfiguration configuration, ILogger<CurrentUpstreams> logger)
    {
        _factory = factory;
        _logger = logger;
        try
        {
            _current = factory.Create(Options.DefaultName);
        }
        catch (OptionsValidationException)
        {
            // YARP asks before the host validates: no upstreams here, and the host then names all that is wrong.
            _current = new UpstreamsOptions();
        }

        _subscription = ChangeToken.OnChange(configuration.GetReloadToken, Update);
    }

    /// <summary>There are other upstreams, or other settings of them.</summary>
    public event EventHandler? Changed;

    public UpstreamsOptions Value => _current;

    public UpstreamOptions? Find(string? name) => name is null ? null : _current.Upstreams.GetValueOrDefault(name);

    public void Dispose() => _subscription.Dispose();

    private void Update()
    {
        try
        {
            _current = _factory.Create(Options.DefaultName);
        }
        catch (OptionsValidationException exception)
        {
            Log.ChangeRefused(_logger, string.Join(" ", exception.Failures));
            return;
        }

        Log.Changed(_logger, _current.Upstreams.Count);
        Changed?.Invoke(this, EventArgs.Empty);
    }
}
