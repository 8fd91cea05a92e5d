using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace VllmSecure.AppHost.Vllm;

/// <summary>Looks at device files and asks container runtimes for their version.</summary>
internal sealed class HostProbe : IHostProbe
{
    // A daemon that is up answers within a second; one that is not must not hold up the start.
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    public Architecture Architecture => RuntimeInformation.OSArchitecture;

    public GpuVendor? FindGpu()
    {
        // /dev/dxg is the GPU of a Windows host inside WSL, where nvidia-smi stands beside it.
        if (File.Exists("/dev/nvidiactl") || IsOnPath("nvidia-smi"))
        {
            return GpuVendor.Nvidia;
        }

        return File.Exists("/dev/kfd") ? GpuVendor.Amd : null;
    }

    public ContainerRuntime? FindContainerRuntime()
    {
        // The variable by which Aspire itself is told.
        foreach (var candidate in Candidates(Environment.GetEnvironmentVariable("ASPIRE_CONTAINER_RUNTIME")))
        {
            if (Answers(candidate == ContainerRuntime.Docker ? "docker" : "podman"))
            {
                return candidate;
            }
        }

        return null;
    }

    /// <summary>Those that Aspire would take, in its order: the one that it was told, whether or not another answers.</summary>
    internal static IReadOnlyList<ContainerRuntime> Candidates(string? configured) => configured?.ToUpperInvariant() switch
    {
        "DOCKER" => [ContainerRuntime.Docker],
        "PODMAN" => [ContainerRuntime.Podman],
        _ => [ContainerRuntime.Docker, ContainerRuntime.Podman],
    };

    private static bool IsOnPath(string program)
    {
        var file = OperatingSystem.IsWindows() ? program + ".exe" : program;
        return (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, file)));
    }

    private static bool Answers(string program)
    {
        if (!IsOnPath(program))
        {
            return false;
        }

        try
        {
            // `info` talks to the daemon, `--version` would only read the client.
            using var process = Process.Start(new ProcessStartInfo(program, "info")
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            });
            if (process is null)
            {
                return false;
            }

            process.OutputDataReceived += static (_, _) => { };
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            if (process.WaitForExit(AnswerWithin))
            {
                return process.ExitCode == 0;
            }

            process.Kill(entireProcessTree: true);
            return false;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
