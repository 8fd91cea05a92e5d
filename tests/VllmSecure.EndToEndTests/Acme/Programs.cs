using System.Diagnostics;

namespace VllmSecure.EndToEndTests.Acme;

/// <summary>Finds programs of the machine; a test that needs one which is missing is skipped and says so.</summary>
internal static class Programs
{
    /// <summary>The path of a program: in <c>artifacts/pebble</c> of the repository (<c>.ci/fetch-pebble</c>), else on the PATH.</summary>
    public static string Find(string name)
    {
        var fetched = Ancestors(AppContext.BaseDirectory).Select(directory => Path.Combine(directory, "artifacts", "pebble", "usr", "bin"));
        var installed = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        var path = fetched.Concat(installed).Select(directory => Path.Combine(directory, name)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"{name} is missing: install Debian's package, or run .ci/fetch-pebble for Pebble.");
        return path!;
    }

    /// <summary>The path of a program on the PATH.</summary>
    public static string FindInstalled(string name)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(directory => Path.Combine(directory, name)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"{name} is missing: install Debian's package.");
        return path!;
    }

    /// <summary>Starts a program whose output goes to <paramref name="onLine"/>.</summary>
    public static Process Start(
        string path, IEnumerable<string> arguments, Action<string> onLine, IEnumerable<KeyValuePair<string, string>>? environment = null)
    {
        var start = new ProcessStartInfo(path, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in environment ?? [])
        {
            start.Environment[key] = value;
        }

        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => onLine(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => onLine(line.Data ?? "");
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Runs a command of the proxy in a process of its own, in Production, as an operator does.</summary>
    public static Task<(int ExitCode, string Output)> RunProxyAsync(params string[] arguments) =>
        RunAsync("env", ["ASPNETCORE_ENVIRONMENT=Production", "dotnet", Path.Combine(AppContext.BaseDirectory, "VllmSecure.Proxy.dll"), .. arguments]);

    /// <summary>Runs a program to its end and returns what it printed.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string path, params string[] arguments)
    {
        var start = new ProcessStartInfo(path, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(5));
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }

    private static IEnumerable<string> Ancestors(string directory)
    {
        for (var current = new DirectoryInfo(directory); current is not null; current = current.Parent)
        {
            yield return current.FullName;
        }
    }
}
