using Microsoft.Extensions.DependencyInjection;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests;

/// <summary>The time to the first token is what vLLM took for it: proxy and vLLM share a clock that only the test moves.</summary>
public sealed class TimeToFirstTokenTests
{
    /// <summary>A length that no other timer has.</summary>
    private static readonly TimeSpan Prefill = TimeSpan.FromMilliseconds(2345);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task FirstToken_AfterAPrefill_IsTimedExactly(bool headersFirst)
    {
        var clock = new TimerWatch(Prefill);
        var log = new AccessLogRecorder();
        await using var vllm = await SimulatedVllm.StartAsync(
            new SimulatorOptions { Models = [ChatRequests.Model], TimeToFirstToken = Prefill, TimeProvider = clock });
        await using var proxy = await ProxyUnderTest.StartAsync(
            vllm.Address,
            [new("Inspection:KeepAliveSeconds", headersFirst ? "1" : "15")],
            builder =>
            {
                log.AddTo(builder);
                builder.Services.AddSingleton<TimeProvider>(clock);
            });

        var pending = proxy.Client.SendAsync(ChatRequests.Chat(stream: true, maxTokens: 3));
        await clock.Waiting;
        clock.Advance(Prefill);
        using var response = await pending;
        var line = await log.NextAsync();

        var received = Assert.Single(vllm.Journal.Requests, request => request.Path == ChatRequests.Path);
        Assert.Equal(Prefill, received.TimeToFirstToken);
        Assert.Equal(Prefill.TotalMilliseconds, line.GetProperty("time_to_first_token_ms").GetDouble());
        Assert.Equal(received.TokensGenerated, line.GetProperty("tokens_out").GetInt32());
        Assert.Equal(received.PromptTokens, line.GetProperty("tokens_in").GetInt32());
    }
}
