namespace VllmSecure.AppHost.Vllm;

/// <summary>Whose GPUs vLLM runs on (<c>Vllm:GpuVendor</c>).</summary>
internal enum GpuVendor
{
    /// <summary>CUDA, by the NVIDIA container toolkit.</summary>
    Nvidia,

    /// <summary>ROCm, by the kernel's own devices.</summary>
    Amd,
}
