using System.Net;
using System.Text.Json;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests;

/// <summary>vLLM lists its models; single ones are answered here, whatever slashes their ids hold.</summary>
public sealed class ModelsTests
{
    private const string Model = "Qwen/Qwen3-0.6B";

    [Fact]
    public async Task List_FromOneUpstream_IsVllms()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [Model, "second"] });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);

        using var json = JsonDocument.Parse(await proxy.Client.GetStringAsync("/v1/models"));

        Assert.Equal("list", json.RootElement.GetProperty("object").GetString());
        Assert.Equal([Model, "second"], json.RootElement.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()));
    }

    [Theory]
    [InlineData("/v1/models/Qwen/Qwen3-0.6B")]
    [InlineData("/v1/models/Qwen%2FQwen3-0.6B")]
    [InlineData("/v1/models/Qwen%2fQwen3-0.6B")]
    public async Task Single_SlashInId_IsFoundAndNeverForwarded(string path)
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [Model] });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);

        var answer = await RawConnection.SendAsync(
            proxy, proxy.Addresses.Https, $"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {ProxyUnderTest.Key}\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Contains($"\"id\":\"{Model}\"", answer, StringComparison.Ordinal);
        Assert.All(vllm.Journal.Requests, request => Assert.Equal("/v1/models", request.RawTarget));
    }

    [Theory]
    [InlineData("/v1/models/unknown")]
    [InlineData("/v1/models/Qwen%252FQwen3-0.6B")]
    [InlineData("/v1/models/qwen/qwen3-0.6b")]
    public async Task Single_UnknownId_Answers404ModelNotFound(string path)
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [Model] });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);

        using var response = await proxy.Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("model_not_found", await response.ErrorCodeAsync());
    }

    [Fact]
    public async Task List_FromTwoUpstreams_IsTheUnion()
    {
        await using var first = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = ["a", "shared"] });
        await using var second = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = ["shared", "b"] });
        await using var proxy = await ProxyUnderTest.StartAsync(first.Address, [new("Upstreams:second:Address", second.Address.ToString())]);

        using var json = JsonDocument.Parse(await proxy.Client.GetStringAsync("/v1/models"));

        Assert.Equal(["a", "b", "shared"], json.RootElement.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()).Order(StringComparer.Ordinal));
    }
}
