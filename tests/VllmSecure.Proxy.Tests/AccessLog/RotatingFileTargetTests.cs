using System.IO.Compression;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using VllmSecure.Proxy.AccessLog;

namespace VllmSecure.Proxy.Tests.AccessLog;

public sealed class RotatingFileTargetTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("access-log-");
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));

    private string File => Path.Combine(_directory.FullName, "logs", "access.log");

    [Fact]
    public async Task Write_Lines_AreInTheFileAtOnceForItsOwnerOnly()
    {
        await using var target = Target(new AccessLogOptions());

        await WriteAsync(target, "one\n", "two\n");

        Assert.Equal("one\ntwo\n", Read(File));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        }
    }

    [Fact]
    public async Task Write_FileWouldGrowTooLarge_IsSetAsideCompressed()
    {
        await using var target = Target(new AccessLogOptions { MaxFileBytes = 8 });

        await WriteAsync(target, "1234\n", "5678\n");

        Assert.Equal("5678\n", Read(File));
        Assert.Equal("access-20260304T050607000Z.log.gz", Path.GetFileName(Assert.Single(Rotated())));
        Assert.Equal("1234\n", ReadCompressed(Rotated()[0]));
    }

    [Fact]
    public async Task Write_FileIsTooOld_IsSetAside()
    {
        await using var target = Target(new AccessLogOptions { MaxFileAgeHours = 2 });
        await WriteAsync(target, "old\n");
        _clock.Advance(TimeSpan.FromHours(2));

        await WriteAsync(target, "new\n");

        Assert.Equal("new\n", Read(File));
        Assert.Equal("old\n", ReadCompressed(Assert.Single(Rotated())));
    }

    [Fact]
    public async Task Write_MoreRotatedFilesThanToKeep_DeletesTheOldest()
    {
        await using var target = Target(new AccessLogOptions { MaxFileBytes = 1, KeepFiles = 2 });
        var stranger = Path.Combine(_directory.FullName, "logs", "access-notes.log");
        for (var line = 1; line <= 5; line++)
        {
            await WriteAsync(target, $"{line}\n");
            _clock.Advance(TimeSpan.FromSeconds(1));
            await System.IO.File.WriteAllTextAsync(stranger, "not ours");
        }

        Assert.Equal("5\n", Read(File));
        Assert.Equal(["4\n", "3\n"], Rotated().Select(ReadCompressed));
        Assert.True(System.IO.File.Exists(stranger));
    }

    [Fact]
    public async Task Write_FileOfAnEarlierRun_IsContinued()
    {
        await using (var earlier = Target(new AccessLogOptions()))
        {
            await WriteAsync(earlier, "before\n");
        }

        System.IO.File.SetLastWriteTimeUtc(File, _clock.GetUtcNow().UtcDateTime);
        await using var target = Target(new AccessLogOptions());
        await WriteAsync(target, "after\n");

        Assert.Equal("before\nafter\n", Read(File));
    }

    [Fact]
    public async Task Write_FileWasMovedAway_BeginsANewOne()
    {
        await using var target = Target(new AccessLogOptions());
        await WriteAsync(target, "before\n");
        System.IO.File.Move(File, File + ".1");

        await WriteAsync(target, "after\n");

        Assert.Equal("before\n", Read(File + ".1"));
        Assert.Equal("after\n", Read(File));
    }

    [Fact]
    public async Task Write_FileWasReplaced_ContinuesTheNewOne()
    {
        await using var target = Target(new AccessLogOptions());
        await WriteAsync(target, "before\n");
        System.IO.File.Move(File, File + ".1");
        await System.IO.File.WriteAllTextAsync(File, "");

        await WriteAsync(target, "after\n", "later\n");

        Assert.Equal("after\nlater\n", Read(File));
    }

    [Fact]
    public async Task Write_FileWasCutShort_GoesOnAtItsEnd()
    {
        await using var target = Target(new AccessLogOptions());
        await WriteAsync(target, "before\n");
        using (var file = new FileStream(File, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(0);
        }

        await WriteAsync(target, "after\n");

        Assert.Equal("after\n", Read(File));
    }

    [Fact]
    public async Task Write_RotatedFileCannotBeCompressed_LeavesItWholeAndNoPart()
    {
        using var cancelled = new CancellationTokenSource();
        await using var target = Target(new AccessLogOptions { MaxFileBytes = 8 });
        await WriteAsync(target, "1234\n");
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await target.WriteAsync("5678\n"u8.ToArray(), cancelled.Token));

        Assert.Equal("1234\n", Read(Assert.Single(Rotated())));
    }

    [Fact]
    public async Task Write_NoneToKeep_DeletesWhatIsRotated()
    {
        await using var target = Target(new AccessLogOptions { MaxFileBytes = 8, KeepFiles = 0 });

        await WriteAsync(target, "1234\n", "5678\n");

        Assert.Equal("5678\n", Read(File));
        Assert.Empty(Rotated());
    }

    [Fact]
    public async Task Write_PipeForAFile_SaysSo()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no pipes in its file system.");
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", [File]))
        {
            await mkfifo.WaitForExitAsync();
        }

        await using var reader = new FileStream(File, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        await using var target = Target(new AccessLogOptions());

        var refused = await Assert.ThrowsAsync<IOException>(() => WriteAsync(target, "line\n"));

        Assert.Contains(File, refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private RotatingFileTarget Target(AccessLogOptions options)
    {
        options.File = File;
        return new RotatingFileTarget(Options.Create(options), _clock);
    }

    private static async Task WriteAsync(RotatingFileTarget target, params string[] lines)
    {
        foreach (var line in lines)
        {
            await target.WriteAsync(System.Text.Encoding.UTF8.GetBytes(line), CancellationToken.None);
        }
    }

    private string[] Rotated() => [.. RotatedFileNames.NewestFirst(File)];

    private static string Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static string ReadCompressed(string path)
    {
        using var gzip = new GZipStream(System.IO.File.OpenRead(path), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip);
        return reader.ReadToEnd();
    }
}
