using Microsoft.Extensions.Primitives;

namespace VllmSecure.Proxy.ApiKeys;

/// <summary>
/// Takes changed keys over. It compares the file's content once a second: a file watcher misses changes on network
/// volumes and behind the symbolic links of Kubernetes, and promises no time.
/// </summary>
internal sealed partial class ApiKeysReload(
    ApiKeyStore store, ApiKeyFile file, DevelopmentKey developmentKey, IConfiguration configuration, TimeProvider clock, ILogger<ApiKeysReload> logger)
    : BackgroundService
{
    /// <summary>Twice as often as promised (a change holds within 2 s).</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private IChangeToken _configurationChange = configuration.GetReloadToken();
    private byte[]? _content;
    private bool _hasLoaded;
    private string? _unreadable;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // Before the listeners open: hosted services start in order, the server's comes last.
        Check();
        if (developmentKey.AddIfNone())
        {
            Load(_content);
        }

        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            Check();
        }
    }

    /// <summary>Reloads if the file or the configuration has changed since the last look.</summary>
    internal void Check()
    {
        if (!TryReadFile(out var content))
        {
            return;
        }

        var same = _content is null ? content is null : content is not null && _content.AsSpan().SequenceEqual(content);
        if (!same || !_hasLoaded || _configurationChange.HasChanged)
        {
            Load(content);
        }
    }

    /// <summary>Loads what was read, once: what a second reading might find or not find was never compared.</summary>
    private void Load(byte[]? content)
    {
        // Taken before reading, so that a change meanwhile is seen at the next look.
        _configurationChange = configuration.GetReloadToken();
        _content = content;
        _hasLoaded = true;
        var mistakes = new List<string>();
        if (store.TryLoad(_content, mistakes))
        {
            Log.Loaded(logger, store.Current.Ids.Count);
        }
        else
        {
            Log.Refused(logger, store.Current.Ids.Count, string.Join(" ", mistakes));
        }
    }

    private bool TryReadFile(out byte[]? content)
    {
        content = null;
        try
        {
            content = file.ReadBytes();
            _unreadable = null;
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (_unreadable != exception.Message)
            {
                _unreadable = exception.Message;
                Log.Unreadable(logger, store.Current.Ids.Count, exception.Message);
            }

            return false;
        }
    }
}
