using System.Text.Json;
using VllmSecure.Proxy.Storage;

namespace VllmSecure.Proxy.Quotas;

/// <summary>
/// Keeps the day's tokens in the data directory, so that a restart does not give everybody a new day. The minute's
/// buckets are not kept: they would be full again by the time a restart is over.
/// </summary>
internal sealed partial class DayUsageKeeper(
    InMemoryQuotaStore store, DataDirectory data, TimeProvider clock, ILogger<DayUsageKeeper> logger) : BackgroundService
{
    /// <summary>What a crash may lose.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private byte[] _saved = [];

    private string FilePath => data.PathOf("quota-usage.json");

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Load();
        return base.StartAsync(cancellationToken);
    }

    /// <summary>Hosted services stop in reverse order, so the server has ended its last request by now.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Save();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            Save();
        }
    }

    /// <summary>Writes the counts if they have changed.</summary>
    internal void Save()
    {
        var usage = store.Export();
        if (usage.Tokens.Count == 0 && _saved.Length == 0)
        {
            // Without limits nothing is counted, and a file would only raise questions.
            return;
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(usage, DayUsageJson.Default.DayUsage);
        if (json.AsSpan().SequenceEqual(_saved))
        {
            return;
        }

        try
        {
            data.Write(FilePath, json);
            _saved = json;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.NotSaved(logger, FilePath, exception.Message);
        }
    }

    private void Load()
    {
        try
        {
            var json = File.ReadAllBytes(FilePath);
            if (JsonSerializer.Deserialize(json, DayUsageJson.Default.DayUsage) is { Tokens: not null } usage)
            {
                store.Import(usage);
                _saved = json;
            }
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // The first start.
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            // Not worth refusing to serve: the worst is that some keys get a day's tokens anew.
            Log.NotLoaded(logger, FilePath, exception.GetType().Name);
        }
    }
}
