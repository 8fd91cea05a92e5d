using VllmSecure.AppHost.Vllm;

namespace VllmSecure.AppHost.Tests.Vllm;

public sealed class GpuArgumentsTests
{
    [Fact]
    public void For_NvidiaOnDocker_HandsOverAll() =>
        Assert.Equal(["--gpus=all"], GpuArguments.For(GpuVendor.Nvidia, ContainerRuntime.Docker, []));

    [Fact]
    public void For_NvidiaDevicesOnDocker_QuotesTheList() =>
        Assert.Equal(["--gpus=\"device=2,3\""], GpuArguments.For(GpuVendor.Nvidia, ContainerRuntime.Docker, [2, 3]));

    [Fact]
    public void For_NvidiaOnPodman_UsesCdiNames()
    {
        Assert.Equal(["--device=nvidia.com/gpu=all"], GpuArguments.For(GpuVendor.Nvidia, ContainerRuntime.Podman, []));
        Assert.Equal(["--device=nvidia.com/gpu=0", "--device=nvidia.com/gpu=1"], GpuArguments.For(GpuVendor.Nvidia, ContainerRuntime.Podman, [0, 1]));
    }

    /// <summary>NVIDIA's toolkit shows a container its own GPUs only, counted from 0: a selector would hide them.</summary>
    [Theory]
    [InlineData("Amd", true, "HIP_VISIBLE_DEVICES")]
    [InlineData("Amd", false, "HIP_VISIBLE_DEVICES")]
    [InlineData("Nvidia", true, null)]
    [InlineData("Nvidia", false, "CUDA_VISIBLE_DEVICES")]
    [InlineData(null, true, null)]
    public void Selector_VendorAndPlace_IsWhatHidesTheOtherGpus(string? vendor, bool inContainer, string? expected) =>
        Assert.Equal(expected, GpuArguments.Selector(vendor is null ? null : Enum.Parse<GpuVendor>(vendor), inContainer));

    [Fact]
    public void For_Amd_HandsOverTheKernelDevices() =>
        Assert.Equal(
            ["--device=/dev/kfd", "--device=/dev/dri", "--group-add=video", "--security-opt=seccomp=unconfined"],
            GpuArguments.For(GpuVendor.Amd, ContainerRuntime.Docker, []));
}
