using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests;

/// <summary>Prefill, the gaps of a stream and the whole request have budgets of their own.</summary>
public sealed class TimeBudgetTests
{
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task SilentPrefill_WithinItsBudget_Lives()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        vllm.Faults.Next(Fault.Stall(afterTokens: 0));
        await using var proxy = await StartAsync(vllm);

        var pending = proxy.Client.SendAsync(ChatRequests.Chat());
        await vllm.Journal.WaitForAsync(request => request.BodyReceived).WaitAsync(TimeSpan.FromSeconds(30));
        _clock.Advance(TimeSpan.FromSeconds(599));
        vllm.Faults.Release();
        using var response = await pending;

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SilentPrefill_BeyondItsBudget_Answers504AndFreesTheEngine(bool headersFirst)
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        vllm.Faults.Next(headersFirst ? Fault.Stall(afterTokens: 0) : Fault.HangBeforeHeaders);
        await using var proxy = await StartAsync(vllm);

        var pending = proxy.Client.SendAsync(ChatRequests.Chat());
        var received = await vllm.Journal.WaitForAsync(request => request.BodyReceived).WaitAsync(TimeSpan.FromSeconds(30));
        _clock.Advance(TimeSpan.FromSeconds(601));
        using var response = await pending;

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Equal("upstream_timeout", await response.ErrorCodeAsync());
        Assert.Equal(RequestEnd.Aborted, await received.Ended.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task StalledStream_BeyondTheGapBudget_EndsInAnErrorEvent()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        vllm.Faults.Next(Fault.Stall(afterTokens: 2));
        await using var proxy = await StartAsync(vllm);

        using var response = await proxy.Client.SendForStreamAsync(ChatRequests.Chat(stream: true));
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        await ReadPastAsync(lines, chunks: 3);
        _clock.Advance(TimeSpan.FromSeconds(299));
        var received = await vllm.Journal.WaitForAsync(request => request.FaultStruck).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.False(received.Ended.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(RequestEnd.Aborted, await received.Ended.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains("upstream_timeout", await lines.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WholeRequest_BeyondTheTotalBudget_Answers504()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        vllm.Faults.Next(Fault.HangBeforeHeaders);
        await using var proxy = await StartAsync(vllm, KeyValuePair.Create("Timeouts:TotalSeconds", (string?)"60"));

        var pending = proxy.Client.SendAsync(ChatRequests.Chat());
        await vllm.Journal.WaitForAsync(request => request.BodyReceived).WaitAsync(TimeSpan.FromSeconds(30));
        _clock.Advance(TimeSpan.FromSeconds(61));
        using var response = await pending;

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
    }

    /// <summary>The clock stands still unless a test moves it.</summary>
    private Task<ProxyUnderTest> StartAsync(SimulatedVllm vllm, params KeyValuePair<string, string?>[] settings) =>
        ProxyUnderTest.StartAsync(vllm.Address, settings, builder => builder.Services.AddSingleton<TimeProvider>(_clock));

    private static async Task ReadPastAsync(StreamReader lines, int chunks)
    {
        while (chunks > 0)
        {
            var line = await lines.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30));
            chunks -= line?.StartsWith("data: ", StringComparison.Ordinal) == true ? 1 : 0;
        }
    }
}
