using System.Diagnostics;
using System.Runtime.Versioning;
using VllmSecure.EndToEndTests.Acme;

namespace VllmSecure.EndToEndTests.Systemd;

/// <summary>The single file, run as the unit runs it as far as that goes without systemd: nobody, with one capability or none.</summary>
[SupportedOSPlatform("linux")]
internal sealed class UnprivilegedProxy : IAsyncDisposable
{
    private const string Nobody = "65534";
    private readonly DirectoryInfo _folder;
    private readonly Process _process;
    private readonly List<string> _log = [];

    private UnprivilegedProxy(DirectoryInfo folder, string capability)
    {
        _folder = folder;
        Notify = new NotifySocket(Path.Combine(folder.FullName, "notify"));
        var state = folder.CreateSubdirectory("state");
        File.SetUnixFileMode(state.FullName, (UnixFileMode)0b111_111_111);
        var low = LowPorts();
        var free = FreePorts.Take(2);
        _process = Programs.Start(
            Programs.FindInstalled("setpriv"),
            [
                "--reuid", Nobody, "--regid", Nobody, "--clear-groups", "--no-new-privs",
                "--inh-caps", capability, "--ambient-caps", capability, "--bounding-set", capability,
                Path.Combine(folder.FullName, "vllm-secure"),
            ],
            line =>
            {
                lock (_log)
                {
                    _log.Add(line);
                }
            },
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["NOTIFY_SOCKET"] = Path.Combine(folder.FullName, "notify"),
                ["HOME"] = "/nonexistent",
                ["DataDirectory"] = state.FullName,
                ["ASPNETCORE_URLS"] = FormattableString.Invariant($"https://127.0.0.1:{low[0]};http://127.0.0.1:{low[1]}"),
                ["Management__Port"] = FormattableString.Invariant($"{free[0]}"),
                ["Tls__Source"] = "Development",
                ["ApiKeys__test__Key"] = "test-key-0123456789-0123456789-0123456789",
                ["Upstreams__vllm__Address"] = FormattableString.Invariant($"http://127.0.0.1:{free[1]}"),
            });
    }

    public NotifySocket Notify { get; }

    public string Log
    {
        get
        {
            lock (_log)
            {
                return string.Join('\n', _log);
            }
        }
    }

    /// <summary>Starts it with the capability for low ports, or without any; skips the test where something is missing.</summary>
    public static UnprivilegedProxy Start(bool mayBindLowPorts)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "root is missing: only it may start a process as another user.");
        var binary = FindBinary();
        var folder = Directory.CreateTempSubdirectory("vllm-secure-systemd-");
        File.SetUnixFileMode(folder.FullName, (UnixFileMode)0b111_101_101);
        File.Copy(binary, Path.Combine(folder.FullName, "vllm-secure"));
        return new UnprivilegedProxy(folder, mayBindLowPorts ? "-all,+net_bind_service" : "-all");
    }

    /// <summary>The published single file; skips the test where it is missing.</summary>
    public static string FindBinary()
    {
        var binary = Path.Combine(Repository.Root, "artifacts", "single-file", "linux-x64", "VllmSecure.Proxy");
        Assert.SkipUnless(File.Exists(binary), "The single file is missing: dotnet publish VllmSecure.Proxy -p:PublishProfile=single-file");
        return binary;
    }

    /// <summary>Waits until it has told the service manager that it is ready; an end before is an error at once.</summary>
    public async Task ExpectReadyAsync()
    {
        var ready = Notify.ExpectAsync("READY=1");
        if (await Task.WhenAny(ready, _process.WaitForExitAsync()) != ready)
        {
            Assert.Fail(FormattableString.Invariant($"It ended with exit code {_process.ExitCode} before it was ready: {Log}"));
        }

        await ready;
    }

    /// <summary>What <c>/proc</c> says about the process.</summary>
    public Task<string> ReadStatusAsync() => File.ReadAllTextAsync(FormattableString.Invariant($"/proc/{_process.Id}/status"));

    public async Task<int> StopAsync()
    {
        await Programs.RunAsync("/bin/sh", "-c", "kill -TERM \"$0\"", FormattableString.Invariant($"{_process.Id}"));
        return await ExitAsync();
    }

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        TestContext.Current.TestOutputHelper?.WriteLine(Log);
        _process.Dispose();
        Notify.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>Two free ports below 1024, from the top.</summary>
    private static int[] LowPorts() => [.. Enumerable.Range(0, 1024).Reverse().Where(FreePorts.IsFree).Take(2)];
}
