using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Storage;
using VllmSecure.Proxy.Usage;

namespace VllmSecure.Proxy.Tests.Usage;

public sealed class UsageLedgerTests : IDisposable
{
    private static readonly DateOnly Today = new(2026, 3, 4);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("usage-");
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 4, 23, 0, 0, TimeSpan.Zero));
    private readonly FakeLogger<UsageLedger> _logger = new();
    private readonly UsageFile _file;

    public UsageLedgerTests() =>
        _file = new UsageFile(new DataDirectory(Options.Create(new StorageOptions { DataDirectory = _directory.FullName })));

    [Fact]
    public void Add_SameKeyAndModel_SumsUp()
    {
        using var ledger = Ledger();

        ledger.Add("alice", "m", new TokenUsage(10, 5, 4));
        ledger.Add("alice", "m", new TokenUsage(1, 2));
        ledger.Add("alice", "m", usage: null);
        ledger.Add("bob", "m", new TokenUsage(7, 7));

        Assert.Equal(
            [
                new UsageRow(Today, "alice", "m") { Requests = 3, RequestsWithoutUsage = 1, InputTokens = 11, OutputTokens = 7, CachedInputTokens = 4 },
                new UsageRow(Today, "bob", "m") { Requests = 1, InputTokens = 7, OutputTokens = 7 },
            ],
            ledger.Since(Today));
    }

    [Fact]
    public void Add_AfterMidnightUtc_IsAnotherDay()
    {
        using var ledger = Ledger();
        ledger.Add("alice", "m", new TokenUsage(1, 1));
        _clock.Advance(TimeSpan.FromHours(1));

        ledger.Add("alice", "m", new TokenUsage(1, 1));

        Assert.Equal([Today.AddDays(1), Today], ledger.Since(DateOnly.MinValue).Select(row => row.Day));
        Assert.Equal(Today.AddDays(1), Assert.Single(ledger.Since(Today.AddDays(1))).Day);
    }

    [Fact]
    public async Task Stop_ThenStart_ContinuesTheTotals()
    {
        using (var first = await StartedAsync())
        {
            first.Add("alice", "m", new TokenUsage(10, 5));
            await first.StopAsync(CancellationToken.None);
        }

        using var second = await StartedAsync();
        second.Add("alice", "m", new TokenUsage(1, 1));

        Assert.Equal((2L, 11L, 6L), Summary(Assert.Single(second.Since(Today))));
    }

    [Fact]
    public async Task Stop_DaysBeyondTheLimit_AreForgotten()
    {
        using var ledger = await StartedAsync(new UsageOptions { KeepDays = 2 });
        ledger.Add("alice", "m", new TokenUsage(1, 1));
        _clock.Advance(TimeSpan.FromDays(1));
        ledger.Add("alice", "m", new TokenUsage(2, 2));
        _clock.Advance(TimeSpan.FromDays(1));
        ledger.Add("alice", "m", new TokenUsage(3, 3));

        await ledger.StopAsync(CancellationToken.None);

        Assert.Equal([Today.AddDays(2), Today.AddDays(1)], _file.Read().Select(row => row.Day));
    }

    [Theory]
    [InlineData("[{\"day\":")]
    [InlineData("[null]")]
    [InlineData("[{\"day\":\"2026-03-04\"}]")]
    public async Task Start_DamagedFile_IsSetAsideAndCountingGoesOn(string content)
    {
        var file = Path.Combine(_directory.FullName, "usage.json");
        await File.WriteAllTextAsync(file, content);

        using var ledger = await StartedAsync();
        ledger.Add("alice", "m", new TokenUsage(1, 1));
        await ledger.StopAsync(CancellationToken.None);

        Assert.Single(_file.Read());
        Assert.True(File.Exists(file + ".damaged"));
        Assert.Equal("UsageDamaged", _logger.LatestRecord.Id.Name);
    }

    [Fact]
    public async Task Stop_DirectoryCannotBeWritten_SaysSoAndDoesNotThrow()
    {
        using var ledger = await StartedAsync();
        ledger.Add("alice", "m", new TokenUsage(1, 1));
        Directory.CreateDirectory(Path.Combine(_directory.FullName, "usage.json")); // Where the file should be.

        await ledger.StopAsync(CancellationToken.None);

        Assert.Equal("UsageNotSaved", _logger.LatestRecord.Id.Name);
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private static (long Requests, long Input, long Output) Summary(UsageRow row) => (row.Requests, row.InputTokens, row.OutputTokens);

    private UsageLedger Ledger(UsageOptions? options = null) => new(_file, Options.Create(options ?? new UsageOptions()), _clock, _logger);

    private async Task<UsageLedger> StartedAsync(UsageOptions? options = null)
    {
        var ledger = Ledger(options);
        await ledger.StartAsync(CancellationToken.None);
        return ledger;
    }
}
