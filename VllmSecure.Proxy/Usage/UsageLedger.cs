using System.Text.Json;
using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Usage;

/// <summary>
/// The totals of this process, continued from those saved earlier, and written to disk every few seconds while they change
/// and when the process stops. A write that fails is done again with the next.
/// </summary>
internal sealed partial class UsageLedger(
    UsageFile file, IOptions<UsageOptions> options, TimeProvider clock, ILogger<UsageLedger> logger) : BackgroundService
{
    private readonly Lock _lock = new();
    private readonly UsageTotals _totals = new();
    private bool _changed;

    /// <summary>Adds one request of today.</summary>
    public void Add(string key, string model, Exchange.TokenUsage? usage)
    {
        var row = new UsageRow(Today(), key, model)
        {
            Requests = 1,
            RequestsWithoutUsage = usage is null ? 1 : 0,
            InputTokens = usage?.Input ?? 0,
            OutputTokens = usage?.Output ?? 0,
            CachedInputTokens = usage?.CachedInput ?? 0,
        };
        lock (_lock)
        {
            _totals.Add(row);
            _changed = true;
        }
    }

    /// <summary>The totals from a day on, newest first.</summary>
    public UsageRow[] Since(DateOnly day)
    {
        UsageRow[] rows;
        lock (_lock)
        {
            rows = _totals.Since(day);
        }

        return UsageRow.Sort(rows);
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Load();
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Save();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.SaveSeconds), clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Save();
            }
        }
        catch (OperationCanceledException)
        {
            // The end of the process; StopAsync saves once more.
        }
    }

    private DateOnly Today() => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    private void Load()
    {
        UsageRow[] saved = [];
        try
        {
            saved = file.Read();
        }
        catch (JsonException)
        {
            Log.Damaged(logger);
            file.SetAside();
        }

        lock (_lock)
        {
            Array.ForEach(saved, _totals.Add);
        }
    }

    private void Save()
    {
        UsageRow[] rows;
        lock (_lock)
        {
            if (!_changed)
            {
                return;
            }

            _totals.RemoveBefore(Today().AddDays(1 - options.Value.KeepDays));
            rows = _totals.Since(DateOnly.MinValue);
            _changed = false;
        }

        try
        {
            file.Write(UsageRow.Sort(rows));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.NotSaved(logger, exception.Message);
            lock (_lock)
            {
                _changed = true;
            }
        }
    }
}
