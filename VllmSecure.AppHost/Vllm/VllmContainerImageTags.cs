using System.Runtime.InteropServices;

namespace VllmSecure.AppHost.Vllm;

/// <summary>The images of vLLM, pinned: an engine that changes under a running gateway changes its wire format too.</summary>
internal static class VllmContainerImageTags
{
    /// <summary>Docker Hub, where vLLM publishes its images.</summary>
    public const string Registry = "docker.io";

    /// <summary>NVIDIA GPUs.</summary>
    public const string Image = "vllm/vllm-openai";

    /// <summary>The release; below 0.33 there are open advisories that a gateway can only blunt.</summary>
    public const string Tag = "v0.33.0";

    /// <summary>AMD GPUs.</summary>
    public const string RocmImage = "vllm/vllm-openai-rocm";

    /// <summary>No GPU at all.</summary>
    public const string CpuImage = "vllm/vllm-openai-cpu";

    /// <summary>The CPU image has a tag for each architecture.</summary>
    public static string CpuTag(Architecture architecture) => $"{Tag}-{(architecture == Architecture.Arm64 ? "arm64" : "x86_64")}";
}
