using System.Runtime.InteropServices;
using VllmSecure.AppHost.Vllm;

namespace VllmSecure.AppHost.Tests.Vllm;

internal sealed record FakeHostProbe(GpuVendor? Gpu = null, ContainerRuntime? Runtime = null, Architecture Architecture = Architecture.X64) : IHostProbe
{
    public GpuVendor? FindGpu() => Gpu;

    public ContainerRuntime? FindContainerRuntime() => Runtime;
}
