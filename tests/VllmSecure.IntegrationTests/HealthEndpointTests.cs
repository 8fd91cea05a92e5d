using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests;

/// <summary>What a supervisor asks: alive as long as the process works, ready as long as every check says so; with reasons, without secrets.</summary>
public sealed class HealthEndpointTests
{
    [Fact]
    public async Task Ready_ModelServed_NamesEachCheck()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);

        var (status, body) = await GetAsync(proxy, "/health/ready");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("Healthy", body.GetProperty("status").GetString());
        Assert.All(body.GetProperty("checks").EnumerateObject(), check => Assert.Equal("Healthy", check.Value.GetProperty("status").GetString()));
        Assert.True(body.GetProperty("checks").TryGetProperty("upstreams", out _));
    }

    [Fact]
    public async Task Ready_NoUpstreamAnswers_SaysWhyAndStaysAlive()
    {
        await using var vllm = await SimulatedVllm.StartAsync();
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);
        await vllm.StopAsync();

        var (ready, body) = await GetAsync(proxy, "/health/ready");
        var (live, _) = await GetAsync(proxy, "/health/live");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready);
        Assert.Contains("vllm", body.GetProperty("checks").GetProperty("upstreams").GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, live);
    }

    [Fact]
    public async Task Ready_CheckThrows_KeepsItsMessageBack()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address, configure: builder =>
            builder.Services.AddHealthChecks().AddCheck("broken", () => throw new InvalidOperationException("a secret in a message")));

        var (status, body) = await GetAsync(proxy, "/health/ready");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal(nameof(HealthStatus.Unhealthy), body.GetProperty("checks").GetProperty("broken").GetProperty("status").GetString());
        Assert.DoesNotContain("secret", body.GetRawText(), StringComparison.Ordinal);
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(ProxyUnderTest proxy, string path)
    {
        using var client = new HttpClient { BaseAddress = proxy.Addresses.Management };
        using var response = await client.GetAsync(path);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync()).RootElement);
    }
}
