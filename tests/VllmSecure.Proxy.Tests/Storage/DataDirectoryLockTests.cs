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
        using var held = new DataDirectoryLock(_data.Directory, TimeProvider.System, log);
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
        using var held = new DataDirectoryLock(_data.Directory, TimeProvider.System, log);

        Assert.False(held.IsHeldByAnother());
        await held.StartingAsync(default);
        Assert.Contains("cannot be written", log.LatestRecord.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Starting_TemporaryFilesOfACrash_AreRemovedAndYoungOnesStay()
    {
        _data.Directory.Write("acme/key.pem", "key"u8);
        var (old, young) = (_data.Directory.PathOf("acme", ".key.pem.abc.tmp"), _data.Directory.PathOf("acme", ".key.pem.def.tmp"));
        await File.WriteAllTextAsync(old, "a key");
        await File.WriteAllTextAsync(young, "a key");
        File.SetLastWriteTimeUtc(old, TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-2));
        using var held = Create();
        await held.StartingAsync(default);

        Assert.Equal([young, _data.Directory.PathOf("acme", "key.pem")], Directory.GetFiles(_data.Directory.PathOf("acme")).Order(StringComparer.Ordinal));
    }

    public void Dispose() => _data.Dispose();

    private DataDirectoryLock Create() => new(_data.Directory, TimeProvider.System, new FakeLogger<DataDirectoryLock>());
}
