using System.Net;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests;

/// <summary>At shutdown, running streams finish within the drain time while new requests get a clear 503 on an open listener.</summary>
public sealed class ShutdownTests
{
    [Fact]
    public async Task Stop_WithARunningStream_RefusesNewWorkAndLetsTheStreamFinish()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        vllm.Faults.Next(Fault.Stall(afterTokens: 2));
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);
        using var other = proxy.CreateClient();
        using var management = new HttpClient { BaseAddress = proxy.Addresses.Management };

        using var stream = await proxy.Client.SendForStreamAsync(ChatRequests.Chat(stream: true, maxTokens: 4));
        var readyBefore = await management.GetAsync("/health/ready");
        var stopping = proxy.StopAsync();
        using var refused = await other.SendAsync(ChatRequests.Chat());
        var readyAfter = await management.GetAsync("/health/ready");
        vllm.Faults.Release();
        var rest = await stream.Content.ReadAsStringAsync();
        await stopping.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(HttpStatusCode.OK, readyBefore.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, readyAfter.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter?.Delta);
        Assert.Equal("shutting_down", await refused.ErrorCodeAsync());
        Assert.EndsWith("data: [DONE]\n\n", rest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_BeyondTheDrainTime_CutsWhatStillRuns()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        vllm.Faults.Next(Fault.Stall(afterTokens: 2));
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address, [new("Shutdown:DrainSeconds", "0")]);

        using var stream = await proxy.Client.SendForStreamAsync(ChatRequests.Chat(stream: true));
        var received = await vllm.Journal.WaitForAsync(request => request.FaultStruck).WaitAsync(TimeSpan.FromSeconds(30));
        await proxy.StopAsync().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(RequestEnd.Aborted, await received.Ended.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains("data: {\"error\":{", await stream.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Stop_BeyondTheDrainTimeWhileTokensFlow_EndsNoStreamAsIfItWereWhole(string version)
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model], OutputTokens = 30_000 });
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address, [new("Shutdown:DrainSeconds", "0")]);
        using var client = proxy.CreateClient(version: new Version(version));

        var streams = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => client.SendForStreamAsync(ChatRequests.Chat(stream: true, maxTokens: 30_000))));
        var rests = streams.Select(stream => stream.Content.ReadAsStringAsync()).ToArray();
        await proxy.StopAsync().WaitAsync(TimeSpan.FromSeconds(30));

        foreach (var rest in rests)
        {
            try
            {
                Assert.Contains("data: {\"error\":{", await rest, StringComparison.Ordinal);
            }
            catch (HttpRequestException)
            {
                // Cut within an event: that shows, too.
            }
        }
    }

    [Fact]
    public async Task Stop_BeyondTheDrainTimeBeforeTheFirstByte_Answers503()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        vllm.Faults.Next(Fault.HangBeforeHeaders);
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address, [new("Shutdown:DrainSeconds", "0")]);

        var pending = proxy.Client.SendAsync(ChatRequests.Chat());
        await vllm.Journal.WaitForAsync(request => request.BodyReceived).WaitAsync(TimeSpan.FromSeconds(30));
        await proxy.StopAsync().WaitAsync(TimeSpan.FromSeconds(30));
        using var response = await pending;

        Assert.Equal("shutting_down", await response.ErrorCodeAsync());
    }
}
