namespace VllmSecure.Proxy.Tests.Architecture;

/// <summary>The source files of the repository, for rules that a compiled assembly no longer shows.</summary>
internal static class Sources
{
    public static string Root { get; } = FindRoot();

    /// <summary>The C# files below a folder of the repository, generated ones left out, as (path from the root, lines).</summary>
    public static IEnumerable<(string Path, string[] Lines)> Below(string folder) =>
        from file in Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
        let path = Path.GetRelativePath(Root, file).Replace('\\', '/')
        where !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal)
        select (path, File.ReadAllLines(file));

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "VllmSecure.sln")))
        {
            directory = directory.Parent ?? throw new DirectoryNotFoundException("The tests run outside the repository.");
        }

        return directory.FullName;
    }
}
