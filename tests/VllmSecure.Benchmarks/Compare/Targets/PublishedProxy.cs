namespace VllmSecure.Benchmarks.Compare.Targets;

/// <summary>The proxy as it is released: one file, compiled ahead. The first time that takes minutes.</summary>
internal static class PublishedProxy
{
    private const string Project = "VllmSecure.Proxy";

    /// <summary>The build that lies beside this program.</summary>
    public static string NotPublished => Path.Combine(AppContext.BaseDirectory, Project);

    /// <summary>Publishes this repository's proxy.</summary>
    /// <exception cref="InvalidOperationException">It does not build, or this is not the repository.</exception>
    public static async Task<string> PublishAsync(string folder)
    {
        var root = FindRoot() ?? throw new InvalidOperationException("The repository is not found: start within it, or pass --proxy EXECUTABLE.");
        var log = Path.Combine(folder, "publish.log");
        var output = Path.Combine(root, "artifacts", "compare");
        using var publish = ChildProcess.Start(
            ["dotnet", "publish", Path.Combine(root, Project), "-p:PublishProfile=single-file", $"-p:PublishDir={output}/", "--nologo", "-v", "q"], log);
        return await publish.WaitAsync() == 0
            ? Path.Combine(output, Project)
            : throw new InvalidOperationException(await File.ReadAllTextAsync(log));
    }

    private static string? FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "VllmSecure.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName;
    }
}
