using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using VllmSecure.Proxy.Quotas;
using VllmSecure.Proxy.Storage;

namespace VllmSecure.Proxy.Tests.Quotas;

public sealed class DayUsageKeeperTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("vllm-secure-");
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2027, 1, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly FakeLogger<DayUsageKeeper> _logger = new();

    private string FilePath => Path.Combine(_directory.FullName, "quota-usage.json");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Stop_TokensWereUsed_TheNextProcessGoesOnFromThere()
    {
        var (first, keeper) = await StartAsync();
        await UseAsync(first, 700);
        await keeper.StopAsync(CancellationToken.None);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
        }

        var (second, _) = await StartAsync();
        Assert.Equal(300, await RemainingAsync(second));
        _clock.Advance(TimeSpan.FromHours(12));
        Assert.Equal(1000, await RemainingAsync(second));
    }

    [Fact]
    public async Task Save_Periodically_SurvivesACrash()
    {
        var (first, keeper) = await StartAsync();
        await UseAsync(first, 700);
        keeper.Save();
        Assert.Equal(300, await RemainingAsync((await StartAsync()).Store));
    }

    [Fact]
    public async Task Start_FileOfAnotherDay_CountsNothing()
    {
        var (first, keeper) = await StartAsync();
        await UseAsync(first, 700);
        await keeper.StopAsync(CancellationToken.None);
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1000, await RemainingAsync((await StartAsync()).Store));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{\"day\":\"2027-01-01\",\"tokens\":null}")]
    public async Task Start_BrokenFile_BeginsAnew(string content)
    {
        await File.WriteAllTextAsync(FilePath, content);
        Assert.Equal(1000, await RemainingAsync((await StartAsync()).Store));
    }

    [Fact]
    public async Task Save_NothingLimited_WritesNoFile()
    {
        var (_, keeper) = await StartAsync();
        await keeper.StopAsync(CancellationToken.None);
        Assert.False(File.Exists(FilePath));
    }

    [Fact]
    public async Task Save_DirectoryCannotBeWritten_WarnsAndGoesOn()
    {
        var (store, keeper) = await StartAsync();
        Directory.CreateDirectory(FilePath);
        await UseAsync(store, 1);
        keeper.Save();
        Assert.Equal(LogLevel.Warning, _logger.LatestRecord.Level);
    }

    private static async Task UseAsync(InMemoryQuotaStore store, long tokens)
    {
        var answer = await store.TryAcquireAsync([Claim()], 0, CancellationToken.None);
        await store.SettleAsync(answer.Lease!, tokens);
    }

    private static async Task<long> RemainingAsync(InMemoryQuotaStore store) =>
        (await store.TryAcquireAsync([Claim()], 0, CancellationToken.None)).Tokens!.Value.Remaining;

    private static QuotaClaim Claim() => new("ci", new QuotaLimits { TokensPerDay = 1000 });

    private async Task<(InMemoryQuotaStore Store, DayUsageKeeper Keeper)> StartAsync()
    {
        var store = new InMemoryQuotaStore(_clock);
        var data = new DataDirectory(Options.Create(new StorageOptions { DataDirectory = _directory.FullName }));
        var keeper = new DayUsageKeeper(store, data, _clock, _logger);
        await keeper.StartAsync(CancellationToken.None);
        return (store, keeper);
    }
}
