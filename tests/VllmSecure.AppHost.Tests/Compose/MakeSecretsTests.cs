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

    /// <summary>Without a token the first run makes an empty file; it must not stand in the way of the token.</summary>
    [Fact]
    public async Task Run_SecretGivenLater_TakesThePlaceOfTheOneThatWasMade()
    {
        await RunAsync();

        await RunAsync(("HF_TOKEN", "hf_abc"), ("VLLM_API_KEY", "key-of-a-running-server"));

        Assert.Equal("hf_abc", Read("hugging-face-token"));
        Assert.Equal("key-of-a-running-server", Read("vllm-api-key"));
        await RunAsync();
        Assert.Equal("hf_abc", Read("hugging-face-token"));
        Assert.Equal("key-of-a-running-server", Read("vllm-api-key"));
        Assert.All(Secrets(), secret => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead, File.GetUnixFileMode(secret)));
    }

    [Fact]
    public async Task Run_OtlpKeyMadeAnew_TakesTheHeadersAlong()
    {
        await RunAsync();
        var before = Read("otlp-key");
        File.Delete(Path.Combine(_folder, "secrets", "otlp-key"));

        await RunAsync();

        Assert.NotEqual(before, Read("otlp-key"));
        Assert.Equal($"x-otlp-api-key={Read("otlp-key")}", Read("otlp-headers"));
    }

    /// <summary>An empty key would be kept by the next run, and vLLM would ask nobody for one.</summary>
    [Fact]
    public async Task Run_CutOffInTheMiddle_LeavesNoEmptySecretToTheNextRun()
    {
        // Not a byte may be written, as on a full disk.
        await RunAsync("ulimit -f 0; sh", succeeds: false);

        await RunAsync();

        Assert.All(Secrets().Where(secret => Path.GetFileName(secret) != "hugging-face-token"), secret => Assert.True(new FileInfo(secret).Length >= 64));
    }

    [Fact]
    public async Task Run_WithoutOd_MakesNoGuessableKey()
    {
        var tools = Directory.CreateDirectory(Path.Combine(_folder, "tools")).FullName;
        foreach (var tool in (string[])["cat", "chmod", "head", "mkdir", "mv", "rm", "sh", "tr"])
        {
            File.CreateSymbolicLink(Path.Combine(tools, tool), File.Exists($"/bin/{tool}") ? $"/bin/{tool}" : $"/usr/bin/{tool}");
        }

        await RunAsync($"PATH='{tools}'; sh", succeeds: false);

        Assert.Empty(Secrets());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string[] Secrets() => [.. Directory.GetFiles(Path.Combine(_folder, "secrets")).Order()];

    private string Read(string secret) => File.ReadAllText(Path.Combine(_folder, "secrets", secret));

    private Task RunAsync(params (string Name, string Value)[] given) => RunAsync("sh", succeeds: true, given);

    /// <param name="shell">A command line that takes the script's name.</param>
    /// <param name="succeeds">Whether it is to.</param>
    /// <param name="given">Its environment.</param>
    private async Task RunAsync(string shell, bool succeeds, params (string Name, string Value)[] given)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("sh is missing: the script is for the Linux server");
        }

        var script = Path.Combine(_folder, SecretsScript.FileName);
        await File.WriteAllTextAsync(script, SecretsScript.Read());
        var start = new ProcessStartInfo("sh", ["-c", $"{shell} '{script}'"]) { WorkingDirectory = _folder, UseShellExecute = false };
        foreach (var name in (string[])["HF_TOKEN", "VLLM_API_KEY"])
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in given)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(succeeds, process.ExitCode == 0);
    }
}
