using VllmSecure.AppHost.Vllm;

namespace VllmSecure.AppHost.Tests.Vllm;

internal sealed record FakeHostProbe(GpuVendor? Gpu = null, ContainerRuntime? Runtime = null) : IHostProbe
{
    public GpuVendor? FindGpu() => Gpu;

    public ContainerRuntime? FindContainerRuntime() => Runtime;
}
