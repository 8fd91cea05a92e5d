namespace VllmSecure.Proxy.Reload;

/// <summary>
/// Takes changed files of settings over, and says in the log when one cannot be, once for each mistake. It looks at their content
/// once a second: .NET's own watcher would watch every folder below the working directory, which may be a whole disk.
/// </summary>
internal sealed partial class ReloadWatch(IConfiguration configuration, TimeProvider clock, ILogger<ReloadWatch> logger) : BackgroundService
{
    /// <summary>With the look of the API keys at the configuration, which comes as often, a changed key holds within the 2 s that are promised.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly LastGoodJsonProvider[] _files = [.. ((IConfigurationRoot)configuration).Providers.OfType<LastGoodJsonProvider>()];
    private string _reported = "";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            Check();
        }
    }

    private void Check()
    {
        var mistakes = string.Join(" ", _files.Select(Check).OfType<string>());
        if (mistakes.Length > 0 && mistakes != _reported)
        {
            Log.Refused(logger, mistakes);
        }

        _reported = mistakes;
    }
    /// <summary>What is wrong with a file; null: nothing.</summary>
    private static string? Check(LastGoodJsonProvider file)
    {
        try
        {
            file.LoadIfChanged();
            return file.Mistake;
        }
        catch (Exception exception)
        {
            // From somebody who took a setting over: it must not end the looks, on which the next revoked key depends.
            return $"{file.Source.Path}: {exception.GetBaseException().Message}";
        }
    }
}
