using System.Diagnostics;

namespace VllmSecure.Benchmarks.Compare;

/// <summary>A process of the benchmark, ended with everything that it has started.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Starts a command; what it prints goes to a file, without a detour through this process (null: to where this one prints).</summary>
    public static ChildProcess Start(IReadOnlyList<string> command, string? log, Dictionary<string, string>? environment = null)
    {
        IReadOnlyList<string> whole = log is null ? command : ["/bin/sh", "-c", "log=$1; shift; exec \"$@\" >\"$log\" 2>&1", "sh", log, .. command];
        var start = new ProcessStartInfo(whole[0], whole.Skip(1));
        foreach (var (name, value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        return new ChildProcess(Process.Start(start)!);
    }

    public async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
