using System.Diagnostics;
using System.Runtime.Versioning;
using VllmSecure.AppHost.Compose;

namespace VllmSecure.AppHost.Tests.Compose;

[UnsupportedOSPlatform("windows")]
public sealed class MakeSecretsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vllm-secure-secrets-").FullName;

    [Fact]
    public async Task Run_FreshFolder_MakesWhatTheComposeFileMounts()
    {
        using var files = await PublishedFiles.PublishAsync();

        await RunAsync();

        var mounted = files.Services().Values
            .Where(service => service.Children.ContainsKey("secrets"))
            .SelectMany(service => (YamlDotNet.RepresentationModel.YamlSequenceNode)service["secrets"])
            .Select(secret => secret["source"].ToString())
            .Distinct();
        Assert.Equal(mounted.Order(), Secrets().Select(Path.GetFileName).Order());
        Assert.Equal($"x-otlp-api-key={Read("otlp-key")}", Read("otlp-headers"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(_folder, "secrets")));
        Assert.All(Secrets(), secret => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead, File.GetUnixFileMode(secret)));
    }

    [Fact]
    public async Task Run_Again_KeepsEverySecret()
    {
        await RunAsync();
        var before = Secrets().Select(File.ReadAllText).ToArray();

        await RunAsync();

        Assert.Equal(before, Secrets().Select(File.ReadAllText));
        Assert.Equal(before.Length, before.Distinct(StringComparer.Ordinal).Count());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string[] Secrets() => [.. Directory.GetFiles(Path.Combine(_folder, "secrets")).Order()];

    private string Read(string secret) => File.ReadAllText(Path.Combine(_folder, "secrets", secret));

    private async Task RunAsync()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("sh is missing: the script is for the Linux server");
        }

        var script = Path.Combine(_folder, SecretsScript.FileName);
        await File.WriteAllTextAsync(script, SecretsScript.Read());
        using var process = Process.Start(new ProcessStartInfo("sh", script) { WorkingDirectory = _folder, UseShellExecute = false })!;
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(0, process.ExitCode);
    }
}
