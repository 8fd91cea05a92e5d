using Microsoft.Extensions.Configuration;
using VllmSecure.AppHost.Vllm;

namespace VllmSecure.AppHost.Tests.Vllm;

public sealed class VllmOptionsTests
{
    [Fact]
    public void From_Nothing_IsASmallModelOnOneGpu()
    {
        var options = From([]);

        Assert.Equal((VllmMode.Auto, "Qwen/Qwen3-0.6B", 1, 1), (options.Mode, options.Model, options.Gpus, options.Replicas));
        Assert.Null(options.GpuVendor);
    }

    [Fact]
    public void From_SeveralMistakes_NamesEachKeyAndWhatIsRight()
    {
        var error = Assert.Throws<InvalidOperationException>(() => From(new()
        {
            ["Vllm:Mode"] = "Docker",
            ["Vllm:Gpus"] = "0",
            ["Vllm:Model"] = "a$b",
            ["Vllm:Addresses:0"] = "gpu-box:8000/",
        }));

        Assert.Contains("Vllm:Mode is 'Docker': use Auto, Container, Cpu, Process, External, Simulator.", error.Message);
        Assert.Contains("Vllm:Gpus is '0': use a whole number from 1.", error.Message);
        Assert.Contains("must not contain '$'", error.Message);
        Assert.Contains("Vllm:Addresses:0 is 'gpu-box:8000/'", error.Message);
    }

    [Fact]
    public void From_ModeAsNumber_IsAMistake() =>
        Assert.Throws<InvalidOperationException>(() => From(new() { ["Vllm:Mode"] = "2" }));

    [Fact]
    public void From_ExternalWithoutAddress_SaysWhatIsMissing()
    {
        var error = Assert.Throws<InvalidOperationException>(() => From(new() { ["Vllm:Mode"] = "External" }));

        Assert.Contains("Vllm:Addresses:0 is missing", error.Message);
    }

    [Fact]
    public void From_External_HasAReplicaForEachAddress() =>
        Assert.Equal(2, From(new()
        {
            ["Vllm:Mode"] = "external",
            ["Vllm:Addresses:0"] = "http://a:8000",
            ["Vllm:Addresses:1"] = "http://b:8000",
        }).Replicas);

    private static VllmOptions From(Dictionary<string, string?> values) =>
        VllmOptions.From(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
}
