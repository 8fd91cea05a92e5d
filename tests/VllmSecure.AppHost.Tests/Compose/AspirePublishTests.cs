using System.Diagnostics;

namespace VllmSecure.AppHost.Tests.Compose;

/// <summary>The README names two ways to publish; whichever somebody takes, the files are the same.</summary>
public sealed class AspirePublishTests
{
    /// <summary>The CLI builds the AppHost first.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Publish_ByTheCli_GivesTheFilesOfTheAppHostsOwnOperation()
    {
        using var own = await PublishedFiles.PublishAsync();
        var folder = Directory.CreateTempSubdirectory("vllm-secure-cli-publish-");
        try
        {
            await RunCliAsync("publish", "--apphost", Path.Combine(Projects.VllmSecure_AppHost.ProjectPath, "VllmSecure.AppHost.csproj"), "--output-path", folder.FullName, "--non-interactive", "--nologo");

            Assert.Equal(Names(own.Folder), Names(folder.FullName));
            Assert.All(Names(own.Folder), name => Assert.Equal(own.Read(name), File.ReadAllText(Path.Combine(folder.FullName, name))));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IEnumerable<string> Names(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal);

    private static async Task RunCliAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(FindCli(), arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ASPIRE_CLI_TELEMETRY_OPTOUT"] = "true" },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(process.ExitCode == 0, await output + await error);
    }

    private static string FindCli()
    {
        var repository = Path.GetDirectoryName(Projects.VllmSecure_AppHost.ProjectPath.TrimEnd(Path.DirectorySeparatorChar))!;
        var installed = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [];
        var path = installed.Prepend(Path.Combine(repository, "artifacts", "aspire", "package", "bin"))
            .Select(directory => Path.Combine(directory, "aspire")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, "aspire is missing: run .ci/fetch-aspire.");
        return path!;
    }
}
