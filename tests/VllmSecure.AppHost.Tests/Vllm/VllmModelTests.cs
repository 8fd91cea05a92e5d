using System.Runtime.InteropServices;
using VllmSecure.AppHost.Vllm;

namespace VllmSecure.AppHost.Tests.Vllm;

/// <summary>What serves as vLLM in each mode, and what it is told.</summary>
public sealed class VllmModelTests
{
    [Fact]
    public async Task Run_Container_IsThePinnedImageOnAGpu()
    {
        await using var model = await AppModel.RunAsync("--Vllm:Mode=Container");

        var vllm = Assert.IsType<VllmResource>(model["vllm"]);
        Assert.True(vllm.TryGetContainerImageName(out var image));
        Assert.Equal("docker.io/vllm/vllm-openai:v0.33.0", image);
        Assert.Contains("--gpus=all", await model.RuntimeArgumentsOfAsync("vllm"));
        Assert.Contains("--shm-size=16g", await model.RuntimeArgumentsOfAsync("vllm"));
        var environment = await model.EnvironmentOfAsync("vllm");
        Assert.Equal("{vllm-api-key.value}", environment["VLLM_API_KEY"]);
        Assert.Equal("false", environment["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"]);
        Assert.DoesNotContain("HF_HUB_OFFLINE", environment.Keys);
        Assert.Contains("--otlp-traces-endpoint", await model.ArgumentsOfAsync("vllm"));
    }

    [Fact]
    public async Task Run_Container_KeepsTheEndpointOnThisMachine()
    {
        await using var model = await AppModel.RunAsync("--Vllm:Mode=Container");

        Assert.All(model["vllm"].Annotations.OfType<EndpointAnnotation>(), endpoint => Assert.False(endpoint.IsExternal));
    }

    [Fact]
    public async Task Run_Amd_IsTheRocmImageOnTheKernelDevices()
    {
        await using var model = await AppModel.RunAsync("--Vllm:Mode=Container", "--Vllm:GpuVendor=Amd");

        Assert.True(model["vllm"].TryGetContainerImageName(out var image));
        Assert.Equal("docker.io/vllm/vllm-openai-rocm:v0.33.0", image);
        Assert.Contains("--device=/dev/kfd", await model.RuntimeArgumentsOfAsync("vllm"));
    }

    /// <summary>Auto says that it found an AMD GPU, and so must not start the CUDA image.</summary>
    [Theory]
    [InlineData("Amd", null, "docker.io/vllm/vllm-openai-rocm:v0.33.0")]
    [InlineData("Nvidia", null, "docker.io/vllm/vllm-openai:v0.33.0")]
    [InlineData("Amd", "Nvidia", "docker.io/vllm/vllm-openai:v0.33.0")]
    public void Run_Auto_TakesTheImageOfTheGpuThatIsFoundUnlessToldAnother(string found, string? configured, string expected)
    {
        var builder = DistributedApplication.CreateBuilder([$"--Vllm:GpuVendor={configured}", "--Vllm:Replicas=2"]);
        var options = VllmOptions.From(builder.Configuration);
        var vllm = builder.AddVllm("vllm").WithGpu(options.GpuVendor ?? GpuVendor.Nvidia, options.Gpus).WithReplicas(options.Replicas);
        vllm.Resource.Settings.Host = new FakeHostProbe(Enum.Parse<GpuVendor>(found), ContainerRuntime.Docker);

        vllm.ServedBy<Projects.VllmSecure_Simulator>(options);

        Assert.All(vllm.AndFurtherReplicas(), replica => Assert.True(replica.Resource.TryGetContainerImageName(out var image) && image == expected));
        Assert.Equal(configured ?? found, vllm.Resource.Settings.GpuVendor.ToString());
    }

    [Fact]
    public async Task Run_Cpu_IsTheCpuImageWithoutGpu()
    {
        await using var model = await AppModel.RunAsync("--Vllm:Mode=Cpu");

        Assert.True(model["vllm"].TryGetContainerImageName(out var image));
        Assert.StartsWith("docker.io/vllm/vllm-openai-cpu:v0.33.0-", image);
        var runtime = await model.RuntimeArgumentsOfAsync("vllm");
        Assert.DoesNotContain(runtime, argument => argument.Contains("gpu", StringComparison.Ordinal));
        Assert.Contains("--cap-add=SYS_NICE", runtime);
    }

    /// <summary>There is no image for both: an Arm machine would emulate the other, without the instructions that vLLM needs.</summary>
    [Theory]
    [InlineData(Architecture.X64, "docker.io/vllm/vllm-openai-cpu:v0.33.0-x86_64")]
    [InlineData(Architecture.Arm64, "docker.io/vllm/vllm-openai-cpu:v0.33.0-arm64")]
    public void Run_Cpu_TakesTheImageOfThisMachinesProcessor(Architecture architecture, string expected)
    {
        var builder = DistributedApplication.CreateBuilder(["--Vllm:Mode=Cpu"]);
        var vllm = builder.AddVllm("vllm");
        vllm.Resource.Settings.Host = new FakeHostProbe(Architecture: architecture);

        vllm.ServedBy<Projects.VllmSecure_Simulator>(VllmOptions.From(builder.Configuration));

        Assert.True(vllm.Resource.TryGetContainerImageName(out var image));
        Assert.Equal(expected, image);
    }

    [Fact]
    public async Task Run_Process_IsVllmServeOnLoopback()
    {
        await using var model = await AppModel.RunAsync("--Vllm:Mode=Process");

        var process = Assert.IsType<ExecutableResource>(model["vllm"]);
        Assert.Equal("vllm", process.Command);
        var arguments = await model.ArgumentsOfAsync("vllm");
        Assert.Equal(["serve", "--model", "{model.value}", "--host", "127.0.0.1", "--port", "{vllm.bindings.http.targetPort}"], arguments.Take(7));
    }

    [Fact]
    public async Task Run_Simulator_IsTheProjectWithTheSameModelAndKey()
    {
        await using var model = await AppModel.RunAsync("--Vllm:Mode=Simulator", "--Vllm:ServedModelName=chat");

        Assert.IsType<ProjectResource>(model["vllm"]);
        Assert.Equal(["--model", "{model.value}", "--served-model-name", "chat"], await model.ArgumentsOfAsync("vllm"));
        var environment = await model.EnvironmentOfAsync("vllm");
        Assert.Equal("{vllm-api-key.value}", environment["VLLM_API_KEY"]);
        Assert.Equal("75", environment["VLLM_HTTP_TIMEOUT_KEEP_ALIVE"]);
    }

    [Fact]
    public async Task Run_External_IsAnUpstreamForEachAddress()
    {
        await using var model = await AppModel.RunAsync("--Vllm:Mode=External", "--Vllm:Addresses:0=http://a:8000", "--Vllm:Addresses:1=https://b/");

        Assert.IsType<ExternalServiceResource>(model["vllm"]);
        Assert.IsType<ExternalServiceResource>(model["vllm-2"]);
        var proxy = await model.EnvironmentOfAsync("proxy");
        Assert.Equal("http://a:8000", proxy["Upstreams__vllm__Address"]);
        Assert.Equal("https://b", proxy["Upstreams__vllm-2__Address"]);
    }

    /// <summary>The proxy would look for vLLM in its own container, and say "loading" for ever.</summary>
    [Theory]
    [InlineData("http://localhost:8000")]
    [InlineData("http://127.0.0.1:8000")]
    public void Publish_ExternalOnLoopback_SaysWhatThatWouldBe(string address)
    {
        var builder = DistributedApplication.CreateBuilder(
            ["--operation", "publish", "--step", "publish", "--Vllm:Mode=External", $"--Vllm:Addresses:0={address}"]);

        var error = Assert.Throws<InvalidOperationException>(() =>
            builder.AddVllm("vllm").ServedBy<Projects.VllmSecure_Simulator>(VllmOptions.From(builder.Configuration)));

        Assert.Contains($"Vllm:Addresses has {address}/", error.Message);
    }

    [Fact]
    public async Task Run_Replicas_ShareSettingsAndSplitTheGpus()
    {
        await using var model = await AppModel.RunAsync("--Vllm:Mode=Container", "--Vllm:Replicas=2", "--Vllm:Gpus=2");

        Assert.Contains("--gpus=\"device=0,1\"", await model.RuntimeArgumentsOfAsync("vllm"));
        Assert.Contains("--gpus=\"device=2,3\"", await model.RuntimeArgumentsOfAsync("vllm-2"));
        Assert.Equal(await model.ArgumentsOfAsync("vllm"), await model.ArgumentsOfAsync("vllm-2"));
        Assert.Equal(
            model["vllm"].Annotations.OfType<ContainerMountAnnotation>().Select(mount => mount.Target),
            model["vllm-2"].Annotations.OfType<ContainerMountAnnotation>().Select(mount => mount.Target));
    }

    [Theory]
    [InlineData("Container", "Amd", "HIP_VISIBLE_DEVICES")]
    [InlineData("Process", "Nvidia", "CUDA_VISIBLE_DEVICES")]
    public async Task Run_ReplicasThatSeeEveryGpu_AreToldTheirOwn(string mode, string vendor, string selector)
    {
        await using var model = await AppModel.RunAsync($"--Vllm:Mode={mode}", $"--Vllm:GpuVendor={vendor}", "--Vllm:Replicas=2", "--Vllm:Gpus=2");

        Assert.Equal("0,1", (await model.EnvironmentOfAsync("vllm"))[selector]);
        Assert.Equal("2,3", (await model.EnvironmentOfAsync("vllm-2"))[selector]);
    }

    /// <summary>A single server may take what the machine's own variables leave it.</summary>
    [Fact]
    public async Task Run_OneProcess_IsToldNoGpu()
    {
        await using var model = await AppModel.RunAsync("--Vllm:Mode=Process");

        Assert.DoesNotContain("CUDA_VISIBLE_DEVICES", (await model.EnvironmentOfAsync("vllm")).Keys);
    }

    [Theory]
    [InlineData("Container", "Endpoint={vllm.bindings.http.url}/v1;Key={vllm-api-key.value};Model={model.value}")]
    [InlineData("Simulator", "Endpoint={vllm.bindings.http.url}/v1;Key={vllm-api-key.value};Model={model.value}")]
    [InlineData("External", "Endpoint=http://a:8000/v1;Key={vllm-api-key.value};Model={model.value}")]
    public void ConnectionString_AnyMode_HasTheSameForm(string mode, string expected)
    {
        var builder = DistributedApplication.CreateBuilder([$"--Vllm:Mode={mode}", "--Vllm:Addresses:0=http://a:8000", "--Parameters:vllm-api-key=k"]);
        var options = VllmOptions.From(builder.Configuration);

        var vllm = builder.AddVllm("vllm")
            .WithModel(builder.AddModelParameter(options))
            .WithRunModeSecrets()
            .ServedBy<Projects.VllmSecure_Simulator>(options);

        Assert.Equal(expected, vllm.Resource.ConnectionStringExpression.ValueExpression);
    }

    [Theory]
    [InlineData("Container")]
    [InlineData("Process")]
    [InlineData("Simulator")]
    [InlineData("External")]
    public async Task Run_AnyMode_ShowsItsLoad(string mode)
    {
        await using var model = await AppModel.RunAsync($"--Vllm:Mode={mode}", "--Vllm:Addresses:0=http://a:8000");

        Assert.Equal("engine-load", Assert.Single(model["vllm"].Annotations.OfType<ResourceCommandAnnotation>(), command => command.Name == "engine-load").Name);
    }

    /// <summary>Aspire's proxy accepts connections while nobody listens behind it: clients would wait where the proxy is to say "loading".</summary>
    [Theory]
    [InlineData("Container")]
    [InlineData("Cpu")]
    [InlineData("Process")]
    [InlineData("Simulator")]
    public async Task Run_AnyMode_IsReachedWithoutAspiresProxy(string mode)
    {
        await using var model = await AppModel.RunAsync($"--Vllm:Mode={mode}");

        Assert.False(Assert.Single(model["vllm"].Annotations.OfType<EndpointAnnotation>()).IsProxied);
    }

    [Fact]
    public async Task Run_AnyMode_IsHealthyOnlyWhenTheModelIsListed()
    {
        foreach (var mode in (string[])["Container", "Process", "Simulator"])
        {
            await using var model = await AppModel.RunAsync($"--Vllm:Mode={mode}");

            Assert.Equal("vllm_model_check", Assert.Single(model["vllm"].Annotations.OfType<HealthCheckAnnotation>()).Key);
        }
    }
}
