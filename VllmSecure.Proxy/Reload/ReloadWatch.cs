using Microsoft.Extensions.Primitives;

namespace VllmSecure.Proxy.Reload;

/// <summary>Says in the log when a changed file of settings is no JSON, once for each mistake.</summary>
internal sealed partial class ReloadWatch(IConfiguration configuration, ILogger<ReloadWatch> logger) : IHostedService, IDisposable
{
    private IDisposable? _subscription;
    private string _reported = "";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = ChangeToken.OnChange(configuration.GetReloadToken, Report);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _subscription?.Dispose();

    private void Report()
    {
        var mistakes = string.Join(" ", ((IConfigurationRoot)configuration).Providers.OfType<LastGoodJsonProvider>().Select(provider => provider.Mistake).OfType<string>());
        if (mistakes.Length > 0 && mistakes != _reported)
        {
            Log.NoJson(logger, mistakes);
        }

        _reported = mistakes;
    }
}
