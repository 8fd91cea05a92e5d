namespace VllmSecure.AppHost.Vllm;

/// <summary>What serves as vLLM, and why, as a sentence for the dashboard.</summary>
/// <param name="Mode">What serves.</param>
/// <param name="Reason">Why.</param>
/// <param name="FoundGpu">Whose GPU decided it; null where none was looked for.</param>
internal sealed record VllmModeChoice(VllmMode Mode, string Reason, GpuVendor? FoundGpu = null)
{
    /// <summary>Chooses for a configured mode.</summary>
    /// <exception cref="InvalidOperationException">The mode cannot be published.</exception>
    public static VllmModeChoice For(VllmMode configured, bool publishing, IHostProbe host)
    {
        if (publishing)
        {
            return configured switch
            {
                VllmMode.Auto => new(VllmMode.Container, "published files are for a GPU server"),
                VllmMode.Process or VllmMode.Simulator => throw new InvalidOperationException(
                    $"Vllm:Mode={configured} runs on this machine only and cannot be published: use Container, Cpu or External."),
                _ => AsConfigured(configured),
            };
        }

        if (configured != VllmMode.Auto)
        {
            return AsConfigured(configured);
        }

        // The GPU first: only where there is one is it worth asking whether a container runtime answers.
        if (host.FindGpu() is not { } vendor)
        {
            return new(VllmMode.Simulator, "no GPU was found on this machine");
        }

        return host.FindContainerRuntime() is { } runtime
            ? new(VllmMode.Container, $"an {vendor.DisplayName()} GPU and {runtime} were found", vendor)
            : new(VllmMode.Simulator, $"an {vendor.DisplayName()} GPU was found, but neither Docker nor Podman answers");
    }

    private static VllmModeChoice AsConfigured(VllmMode mode) => new(mode, $"Vllm:Mode is {mode}");
}
