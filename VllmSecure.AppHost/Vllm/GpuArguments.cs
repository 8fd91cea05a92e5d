using System.Globalization;

namespace VllmSecure.AppHost.Vllm;

/// <summary>Builds the arguments by which a container runtime hands GPUs to a container in run mode.</summary>
internal static class GpuArguments
{
    /// <param name="vendor">Whose GPUs.</param>
    /// <param name="runtime">The runtime that takes the arguments.</param>
    /// <param name="devices">The indexes of the GPUs; empty for all.</param>
    public static IReadOnlyList<string> For(GpuVendor vendor, ContainerRuntime runtime, IReadOnlyList<int> devices) => vendor switch
    {
        // ROCm has no way to hand over one GPU of several but HIP_VISIBLE_DEVICES, and needs ptrace-like calls.
        GpuVendor.Amd => ["--device=/dev/kfd", "--device=/dev/dri", "--group-add=video", "--security-opt=seccomp=unconfined"],
        _ when runtime == ContainerRuntime.Podman => devices.Count == 0
            ? ["--device=nvidia.com/gpu=all"]
            : [.. devices.Select(index => $"--device=nvidia.com/gpu={Text(index)}")],

        // Docker reads the value as CSV: the quotes keep the list of devices one field.
        _ => [devices.Count == 0 ? "--gpus=all" : $"--gpus=\"device={List(devices)}\""],
    };

    /// <summary>The variable that tells vLLM which GPUs are its own, where it sees more than those; else null.</summary>
    /// <param name="vendor">Whose GPUs; null for none.</param>
    /// <param name="inContainer">Whether it runs in a container: NVIDIA's toolkit shows one only the GPUs it was given.</param>
    public static string? Selector(GpuVendor? vendor, bool inContainer) => vendor switch
    {
        GpuVendor.Amd => "HIP_VISIBLE_DEVICES",
        GpuVendor.Nvidia when !inContainer => "CUDA_VISIBLE_DEVICES",
        _ => null,
    };

    /// <summary>Its value.</summary>
    public static string List(IEnumerable<int> devices) => string.Join(',', devices.Select(Text));

    private static string Text(int index) => index.ToString(CultureInfo.InvariantCulture);
}
