using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using VllmSecure.EndToEndTests.Acme;

namespace VllmSecure.EndToEndTests.Demo;

/// <summary><c>dotnet run demo.cs</c> as in a terminal: in a process group of its own, which Ctrl+C reaches as a whole.</summary>
internal sealed class DemoProcess : IAsyncDisposable
{
    /// <summary>A first run builds the demo; that takes its time on a small machine that tests keep busy.</summary>
    public static readonly TimeSpan Guard = TimeSpan.FromMinutes(5);

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("vllm-secure-demo-");
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly Process _process;

    public DemoProcess(IEnumerable<KeyValuePair<string, string>>? settings = null)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "setsid is missing: Ctrl+C is sent to a process group, on Linux.");
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HTTPS_PORTS"] = "0",
            ["HTTP_PORTS"] = "0",
            ["Management__Port"] = "0",
            ["DataDirectory"] = _data.FullName,
            ["MSBUILDDISABLENODEREUSE"] = "1", // A build node that outlives the build would keep the output open.
        };
        foreach (var (key, value) in settings ?? [])
        {
            environment[key] = value;
        }

        // A background job of sh ignores SIGINT, and so do its children unless told otherwise.
        _process = Programs.Start(
            Programs.Find("setsid"),
            ["env", "--default-signal=INT", "dotnet", "run", Path.Combine(Repository.Root, "demo.cs")],
            line => _lines.Writer.TryWrite(line),
            environment);
    }

    /// <summary>The next line of output or errors.</summary>
    public async Task<string> ReadLineAsync() => await _lines.Reader.ReadAsync().AsTask().WaitAsync(Guard);

    /// <summary>What else was printed, without empty lines; once it has ended.</summary>
    public async Task<(int ExitCode, string[] Lines)> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Guard);
        _lines.Writer.TryComplete();
        var lines = await _lines.Reader.ReadAllAsync().Where(line => line.Length > 0).ToArrayAsync();
        return (_process.ExitCode, lines);
    }

    /// <summary>Ctrl+C.</summary>
    public Task InterruptAsync() => SignalAsync("INT");

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await SignalAsync("KILL");
        }

        _process.Dispose();
        _data.Delete(recursive: true);
    }

    private async Task SignalAsync(string signal)
    {
        var (exitCode, output) = await Programs.RunAsync("/bin/sh", "-c", string.Create(CultureInfo.InvariantCulture, $"kill -{signal} -{_process.Id}"));
        Assert.True(exitCode == 0, output);
    }
}
