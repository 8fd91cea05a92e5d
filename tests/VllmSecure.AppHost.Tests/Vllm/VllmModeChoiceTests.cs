using VllmSecure.AppHost.Vllm;

namespace VllmSecure.AppHost.Tests.Vllm;

public sealed class VllmModeChoiceTests
{
    [Fact]
    public void For_AutoWithGpuAndRuntime_TakesTheContainer()
    {
        var choice = VllmModeChoice.For(VllmMode.Auto, publishing: false, new FakeHostProbe(GpuVendor.Amd, ContainerRuntime.Podman));

        Assert.Equal(VllmMode.Container, choice.Mode);
        Assert.Equal("an AMD GPU and Podman were found", choice.Reason);
        Assert.Equal(GpuVendor.Amd, choice.FoundGpu);
    }

    [Fact]
    public void For_AutoWithoutGpu_TakesTheSimulatorAndSaysWhy()
    {
        var choice = VllmModeChoice.For(VllmMode.Auto, publishing: false, new FakeHostProbe(null, ContainerRuntime.Docker));

        Assert.Equal(new VllmModeChoice(VllmMode.Simulator, "no GPU was found on this machine"), choice);
    }

    [Fact]
    public void For_AutoWithoutRuntime_TakesTheSimulatorAndSaysWhy()
    {
        var choice = VllmModeChoice.For(VllmMode.Auto, publishing: false, new FakeHostProbe(GpuVendor.Nvidia));

        Assert.Equal(VllmMode.Simulator, choice.Mode);
        Assert.Contains("neither Docker nor Podman answers", choice.Reason);
    }

    [Fact]
    public void For_AutoPublishing_TakesTheContainerOnAnyMachine() =>
        Assert.Equal(VllmMode.Container, VllmModeChoice.For(VllmMode.Auto, publishing: true, new FakeHostProbe()).Mode);

    [Theory]
    [InlineData("Process")]
    [InlineData("Simulator")]
    public void For_LocalModePublishing_IsRefused(string mode)
    {
        var error = Assert.Throws<InvalidOperationException>(() => VllmModeChoice.For(Enum.Parse<VllmMode>(mode), publishing: true, new FakeHostProbe()));

        Assert.Contains($"Vllm:Mode={mode}", error.Message);
    }

    [Fact]
    public void For_ConfiguredMode_IsTakenWithoutAsking() =>
        Assert.Equal(VllmMode.Process, VllmModeChoice.For(VllmMode.Process, publishing: false, new FakeHostProbe()).Mode);
}
