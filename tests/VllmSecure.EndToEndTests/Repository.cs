namespace VllmSecure.EndToEndTests;

/// <summary>Where the sources are: what a user runs from a clone is tested from there, not from a build's output.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        var current = new DirectoryInfo(AppContext.BaseDirectory);
        while (current is not null && !File.Exists(Path.Combine(current.FullName, "VllmSecure.sln")))
        {
            current = current.Parent;
        }

        return current?.FullName ?? throw new InvalidOperationException("The tests run outside of the repository.");
    }
}
