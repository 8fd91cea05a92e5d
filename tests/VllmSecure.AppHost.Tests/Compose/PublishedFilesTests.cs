using YamlDotNet.RepresentationModel;

namespace VllmSecure.AppHost.Tests.Compose;

public sealed class PublishedFilesTests
{
    [Fact]
    public async Task Publish_Default_MatchesTheSnapshots()
    {
        using var files = await PublishedFiles.PublishAsync();

        Snapshot.Matches("docker-compose.yaml", files.ComposeFile);
        Snapshot.Matches(".env", files.Read(".env"));
        Snapshot.Matches("make-secrets.sh", files.Read("make-secrets.sh"));
    }

    /// <summary>What the operator filled in must not be lost by publishing again.</summary>
    [Fact]
    public async Task Publish_Again_KeepsTheValuesOfTheOperator()
    {
        using var files = await PublishedFiles.PublishAsync();
        var filledIn = files.Read(".env")
            .Replace("COMPOSE_PROJECT_NAME=vllm-secure\n", "COMPOSE_PROJECT_NAME=my-llm\n", StringComparison.Ordinal)
            .Replace("ACME_DOMAIN=\n", "ACME_DOMAIN=llm.example.com\n", StringComparison.Ordinal)
            .Replace("MODEL=Qwen/Qwen3-0.6B\n", "MODEL=Qwen/Qwen3-8B\n", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(files.Folder, ".env"), filledIn);

        await files.PublishAgainAsync();

        Assert.Equal(filledIn, files.Read(".env"));
        Assert.Contains("my-llm", filledIn);
    }

    [Fact]
    public async Task Publish_Ports_AreTheProxysAndTheDashboardsOnLoopback()
    {
        using var files = await PublishedFiles.PublishAsync("--Vllm:Replicas=2", "--Tls:Source=Files");

        var ports = files.Services()
            .Where(service => service.Value.Children.ContainsKey("ports"))
            .ToDictionary(service => service.Key, service => string.Join(' ', (YamlSequenceNode)service.Value["ports"]));
        Assert.Equal(new Dictionary<string, string> { ["proxy"] = "443:8443 80:8080", ["dashboard"] = "127.0.0.1:18888:18888" }, ports);
    }

    [Fact]
    public async Task Publish_Replicas_HaveGpusOfTheirOwnAndStartInTurn()
    {
        using var files = await PublishedFiles.PublishAsync("--Vllm:Replicas=2", "--Vllm:Gpus=2");

        var services = files.Services();
        Assert.Equal(["0", "1"], Devices(services["vllm"]));
        Assert.Equal(["2", "3"], Devices(services["vllm-2"]));
        Assert.Equal("service_healthy", services["vllm-2"]["depends_on"]["vllm"]["condition"].ToString());
        Assert.Equal("service_completed_successfully", services["vllm-2"]["depends_on"]["model-download"]["condition"].ToString());
        Assert.Equal("http://vllm-2:8000", services["proxy"]["environment"]["Upstreams__vllm-2__Address"].ToString());

        static IEnumerable<string> Devices(YamlMappingNode service) =>
            ((YamlSequenceNode)service["deploy"]["resources"]["reservations"]["devices"][0]["device_ids"]).Select(device => device.ToString());
    }

    [Fact]
    public async Task Publish_EngineDownload_GivesVllmEgressInsteadOfAService()
    {
        using var files = await PublishedFiles.PublishAsync("--Vllm:Download=Engine");

        var services = files.Services();
        Assert.DoesNotContain("model-download", services.Keys);
        Assert.Equal(["inference", "edge"], Networks(services["vllm"]));
        Assert.DoesNotContain("HF_HUB_OFFLINE", files.ComposeFile);
        Assert.Contains("HF_TOKEN_PATH", files.ComposeFile);
    }

    [Fact]
    public async Task Publish_PrefilledCache_LeavesNoWayOut()
    {
        using var files = await PublishedFiles.PublishAsync("--Vllm:Download=Prefilled");

        var services = files.Services();
        Assert.Equal(["dashboard", "proxy", "vllm"], services.Keys.Order());
        Assert.Equal(["inference"], Networks(services["vllm"]));
        Assert.Equal("1", services["vllm"]["environment"]["HF_HUB_OFFLINE"].ToString());
    }

    [Fact]
    public async Task Publish_Cpu_ReservesNoGpu()
    {
        using var files = await PublishedFiles.PublishAsync("--Vllm:Mode=Cpu");

        Assert.DoesNotContain("nvidia", files.ComposeFile);
        Assert.Equal("docker.io/vllm/vllm-openai-cpu:v0.33.0-x86_64", files.Services()["model-download"]["image"].ToString());
    }

    [Fact]
    public async Task Publish_Amd_HandsOverTheKernelDevices()
    {
        using var files = await PublishedFiles.PublishAsync("--Vllm:GpuVendor=Amd");

        Assert.DoesNotContain("nvidia", files.ComposeFile);
        Assert.Equal(["/dev/kfd", "/dev/dri"], ((YamlSequenceNode)files.Services()["vllm"]["devices"]).Select(device => device.ToString()));
    }

    /// <summary>The kernel's devices are all of them: only the variable tells two replicas apart.</summary>
    [Fact]
    public async Task Publish_AmdReplicas_AreToldTheirOwnGpus()
    {
        using var files = await PublishedFiles.PublishAsync("--Vllm:GpuVendor=Amd", "--Vllm:Replicas=2");

        var services = files.Services();
        Assert.Equal("0", services["vllm"]["environment"]["HIP_VISIBLE_DEVICES"].ToString());
        Assert.Equal("1", services["vllm-2"]["environment"]["HIP_VISIBLE_DEVICES"].ToString());
    }

    [Fact]
    public async Task Publish_External_HasNoVllm()
    {
        using var files = await PublishedFiles.PublishAsync("--Vllm:Mode=External", "--Vllm:Addresses:0=https://gpu-box:8000");

        Assert.Equal(["dashboard", "proxy"], files.Services().Keys.Order());
        var proxy = files.Services()["proxy"];
        Assert.Equal("https://gpu-box:8000", proxy["environment"]["Upstreams__vllm__Address"].ToString());

        // Its key comes as vLLM's own does; but what lies between here and there is not ours to call private.
        Assert.Contains((YamlSequenceNode)proxy["secrets"], secret => secret["source"].ToString() == "vllm-api-key" && secret["target"].ToString() == "Upstreams__vllm__ApiKey");
        Assert.DoesNotContain("AllowPlainHttp", files.ComposeFile);
    }

    private static IEnumerable<string> Networks(YamlMappingNode service) =>
        ((YamlSequenceNode)service["networks"]).Select(network => network.ToString());
}
