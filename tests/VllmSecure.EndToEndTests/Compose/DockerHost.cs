using VllmSecure.EndToEndTests.Acme;

namespace VllmSecure.EndToEndTests.Compose;

/// <summary>The Docker of this machine with the images of <c>.ci/docker</c>; a test that lacks them is skipped and says so.</summary>
internal static class DockerHost
{
    /// <summary>What <c>.ci/docker</c> makes last: with it, all are there.</summary>
    private const string LastImage = "vllm-secure-test/pebble";

    /// <summary>Programs and CA material for tests, on Debian with a shell.</summary>
    public const string BaseImage = "vllm-secure-test/base";

    private static string Docker { get; } = Find("docker");

    private static string ComposeProgram { get; } = File.Exists(Path.Combine(Repository.Root, "artifacts", "docker", "docker-compose"))
        ? Path.Combine(Repository.Root, "artifacts", "docker", "docker-compose")
        : Find("docker-compose");

    /// <summary>Skips the test where the stack cannot run.</summary>
    public static async Task RequireAsync()
    {
        Assert.SkipUnless(File.Exists(Docker), "docker is missing: install it and run .ci/docker.");
        Assert.SkipUnless(File.Exists(ComposeProgram), "Docker Compose 2 is missing: run .ci/docker.");
        var (exitCode, output) = await Programs.RunAsync(Docker, "image", "inspect", "--format", "{{.Id}}", LastImage);
        Assert.SkipUnless(exitCode == 0, $"Docker or the test images are missing: run .ci/docker. ({output.Trim()})");
    }

    /// <summary>Runs docker; anything but success fails the test.</summary>
    public static async Task<string> RunAsync(params string[] arguments)
    {
        var (exitCode, output) = await TryAsync(arguments);
        Assert.True(exitCode == 0, $"docker {string.Join(' ', arguments)}: {output}");
        return output.Trim();
    }

    /// <summary>Runs docker to its end, however that is.</summary>
    public static Task<(int ExitCode, string Output)> TryAsync(params string[] arguments) => Programs.RunAsync(Docker, arguments);

    /// <summary>Runs Docker Compose to its end, however that is.</summary>
    public static Task<(int ExitCode, string Output)> TryComposeAsync(params string[] arguments) => Programs.RunAsync(ComposeProgram, arguments);

    /// <summary>The path of a program on the PATH; where there is none, the name alone, which is no file.</summary>
    private static string Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(directory => Path.Combine(directory, name)).FirstOrDefault(File.Exists) ?? name;
}
