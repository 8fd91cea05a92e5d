using System.Runtime.InteropServices;

namespace VllmSecure.AppHost.Vllm;

/// <summary>What this machine has.</summary>
internal interface IHostProbe
{
    /// <summary>The vendor of a GPU that vLLM can use, or null.</summary>
    GpuVendor? FindGpu();

    /// <summary>The architecture of its processor.</summary>
    Architecture Architecture { get; }

    /// <summary>The container runtime that answers, or null.</summary>
    ContainerRuntime? FindContainerRuntime();
}
