namespace VllmSecure.EndToEndTests.Dashboard;

/// <summary>The repository that the tests were built in.</summary>
internal static class Repository
{
    /// <summary>A path below its root, the directory of the solution.</summary>
    public static string PathOf(params string[] segments)
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "VllmSecure.sln")))
        {
            directory = directory.Parent ?? throw new DirectoryNotFoundException("No VllmSecure.sln above the tests.");
        }

        return Path.Combine([directory.FullName, .. segments]);
    }
}
