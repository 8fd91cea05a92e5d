using System.Net;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests;

/// <summary>Under many clients nothing is lost and nothing counted twice, also when they leave.</summary>
public sealed class QuotaTotalsTests
{
    [Fact]
    public async Task TwoHundredClients_HalfOfThemLeaving_AreCountedExactly()
    {
        const int Clients = 200;
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model], OutputTokens = 9 });
        await using var proxy = await ProxyUnderTest.StartAsync(
            vllm.Address,
            [
                new("ApiKeys:test:MaxConcurrent", $"{Clients}"), new("ApiKeys:test:TokensPerDay", "1000000000"),
                new("Quotas:Global:TokensPerDay", "1000000000"),
            ]);

        // One that leaves, to learn what the prompt is estimated at.
        vllm.Faults.Always = Fault.Stall(afterTokens: 2);
        using (var one = proxy.CreateClient())
        {
            (await OpenStream.StartAsync(one)).Dispose();
        }

        await proxy.WaitUntilIdleAsync("test", Clients);
        var perLeaver = proxy.CountedTokens()["test"];
        Assert.True(perLeaver > 2);

        // All of them hold a stream at the same time; one more is too many.
        var clients = Enumerable.Range(0, Clients).Select(_ => proxy.CreateClient()).ToArray();
        var streams = await Task.WhenAll(clients.Select(OpenStream.StartAsync)).WaitAsync(TimeSpan.FromSeconds(60));
        using var refused = await proxy.Client.SendAsync(ChatRequests.Chat());
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);

        Array.ForEach(streams[..(Clients / 2)], stream => stream.Dispose());
        await WaitForAbortedAsync(vllm, 1 + (Clients / 2));
        await vllm.ReleaseUntilAsync(Task.WhenAll(streams[(Clients / 2)..].Select(stream => stream.ReadToEndAsync())));
        await proxy.WaitUntilIdleAsync("test", Clients);

        var completed = vllm.Journal.Requests.Where(request => !request.Aborted).ToArray();
        Assert.Equal(Clients / 2, completed.Length);
        var expected = completed.Sum(request => (long)request.PromptTokens + request.TokensGenerated) + (perLeaver * (1 + (Clients / 2)));
        var counted = proxy.CountedTokens();
        Assert.Equal(expected, counted["test"]);
        Assert.Equal(expected, counted["*"]);
        Array.ForEach(clients, client => client.Dispose());
    }

    private static async Task WaitForAbortedAsync(SimulatedVllm vllm, int count)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (vllm.Journal.Requests.Count(request => request.Aborted) < count)
        {
            await Task.Yield();
            timeout.Token.ThrowIfCancellationRequested();
        }
    }
}
