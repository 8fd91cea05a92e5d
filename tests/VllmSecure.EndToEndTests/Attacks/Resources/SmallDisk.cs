using VllmSecure.EndToEndTests.Acme;

namespace VllmSecure.EndToEndTests.Attacks.Resources;

/// <summary>A file system of 1 MiB in memory.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;

    private SmallDisk(DirectoryInfo folder) => _folder = folder;

    public string Folder => _folder.FullName;

    private string Filler => Path.Combine(Folder, "filler");

    /// <summary>Mounts it; skips the test where that is not allowed.</summary>
    public static async Task<SmallDisk> MountAsync()
    {
        var folder = Directory.CreateTempSubdirectory("vllm-secure-disk-");
        var (exitCode, output) = await Programs.RunAsync(Programs.FindInstalled("mount"), "-t", "tmpfs", "-o", "size=1m,mode=700", "tmpfs", folder.FullName);
        if (exitCode != 0)
        {
            folder.Delete();
            Assert.Skip($"A file system to fill is missing, only root may mount one: {output}");
        }

        return new SmallDisk(folder);
    }

    /// <summary>Leaves not a byte free.</summary>
    public void Fill()
    {
        try
        {
            using var file = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            while (true)
            {
                file.Write(new byte[4096]);
            }
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    public void Free() => File.Delete(Filler);

    public async ValueTask DisposeAsync()
    {
        await Programs.RunAsync("umount", "--lazy", Folder);
        _folder.Delete(recursive: true);
    }
}
