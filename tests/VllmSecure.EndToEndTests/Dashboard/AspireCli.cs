namespace VllmSecure.EndToEndTests.Dashboard;

/// <summary>Finds the Aspire CLI; a test that needs it is skipped where it is missing, and says so.</summary>
internal static class AspireCli
{
    /// <summary>The program that <c>.ci/fetch-aspire</c> unpacked, else the one on the PATH.</summary>
    public static string Find()
    {
        var installed = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        var path = installed.Prepend(Repository.PathOf("artifacts", "aspire", "package", "bin"))
            .Select(directory => Path.Combine(directory, "aspire")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, "aspire is missing: run .ci/fetch-aspire.");
        return path!;
    }
}
