using Microsoft.Extensions.Logging.Testing;
using VllmSecure.Proxy.Commands;
using VllmSecure.Proxy.Storage;
using VllmSecure.Proxy.Tests.Tls;

namespace VllmSecure.Proxy.Tests.Storage;

public sealed class DataDirectoryLockTests : IDisposable
{
    private readonly TemporaryData _data = new();

    [Fact]
    public async Task Starting_SecondInstance_IsTurnedAwayInWords()
    {
        using var first = Create();
        using var second = Create();
        await first.StartingAsync(default);

        Assert.True(second.IsHeldByAnother());
        var exception = await Assert.ThrowsAsync<StartFailedException>(() => second.StartingAsync(default));
        Assert.StartsWith("DataDirectory: ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopped_First_LetsTheNextOneIn()
    {
        using var first = Create();
        await first.StartingAsync(default);
        await first.StoppedAsync(default);
        using var second = Create();

        Assert.False(second.IsHeldByAnother());
        await second.StartingAsync(default);
    }

    [Fact]
    public async Task Starting_DirectoryThatCannotBeWritten_StartsAndSaysSo()
    {
        await File.WriteAllTextAsync(_data.Directory.Root, "a file in the way");
        var log = new FakeLogger<DataDirectoryLock>();
        using var held = new DataDirectoryLock(_data.Directory, log);
        await held.StartingAsync(default);

        Assert.Contains("cannot be written", log.LatestRecord.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Starting_LockThatCannotBeOpened_IsNotTakenForAnotherInstance()
    {
        // A link to itself fails to open like a file on a volume that has become read-only: by an error of the system, not by a lock.
        _data.Directory.CreateDirectory();
        File.CreateSymbolicLink(_data.Directory.PathOf(".lock"), ".lock");
        var log = new FakeLogger<DataDirectoryLock>();
        using var held = new DataDirectoryLock(_data.Directory, log);

        Assert.False(held.IsHeldByAnother());
        await held.StartingAsync(default);
        Assert.Contains("cannot be written", log.LatestRecord.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _data.Dispose();

    private DataDirectoryLock Create() => new(_data.Directory, new FakeLogger<DataDirectoryLock>());
}
