using System.Net;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests;

/// <summary>Limits hold on real connections, and clients are told how they stand.</summary>
public sealed class QuotaTests
{
    [Fact]
    public async Task Requests_BeyondTheLimit_Answer429WithWhatSdksBackOffBy()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address, [new("ApiKeys:test:RequestsPerMinute", "2")]);

        using var first = await proxy.Client.SendAsync(ChatRequests.Chat());
        using var second = await proxy.Client.SendAsync(ChatRequests.Chat());
        using var third = await proxy.Client.SendAsync(ChatRequests.Chat());

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal("2", Header(first, "x-ratelimit-limit-requests"));
        Assert.Equal("1", Header(first, "x-ratelimit-remaining-requests"));
        Assert.EndsWith("s", Header(first, "x-ratelimit-reset-requests"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        Assert.InRange(third.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 30);
        Assert.Equal("rate_limit_exceeded", await third.ErrorCodeAsync());
        Assert.Equal(2, vllm.Journal.Requests.Count);
    }

    [Fact]
    public async Task NothingLimited_Answer_HasNoRateLimitHeaders()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);

        using var response = await proxy.Client.SendAsync(ChatRequests.Chat());

        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("x-ratelimit", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("1.1", true)]
    [InlineData("1.1", false)]
    [InlineData("2.0", true)]
    [InlineData("2.0", false)]
    public async Task Slot_OfAStream_IsFreeOnceItEndsOrItsClientLeaves(string version, bool leaves)
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        vllm.Faults.Next(Fault.Stall(afterTokens: 2));
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address, [new("ApiKeys:test:MaxConcurrent", "1")]);
        using var client = proxy.CreateClient(version: Version.Parse(version));
        using var stream = await client.SendForStreamAsync(ChatRequests.Chat(stream: true));
        using var refused = await client.SendForStreamAsync(ChatRequests.Chat());
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);

        if (leaves)
        {
            stream.Dispose();
        }
        else
        {
            vllm.Faults.Release();
            await stream.Content.ReadAsByteArrayAsync();
        }

        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        HttpStatusCode status;
        do
        {
            using var next = await client.SendForStreamAsync(ChatRequests.Chat(), timeout.Token);
            status = next.StatusCode;
        }
        while (status == HttpStatusCode.TooManyRequests);

        Assert.Equal(HttpStatusCode.OK, status);
    }

    private static string Header(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));
}
