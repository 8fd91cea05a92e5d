using System.Net;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests.Simulator;

public class SchedulerTests
{
    private const string Path = "/v1/chat/completions";

    [Fact]
    public async Task Queue_Full_Answers503AndTheRestGoOn()
    {
        await using var client = await StartAsync(running: 1, queued: 1);
        client.Vllm.Faults.Next(Fault.Stall(1));
        var first = client.PostAsync(Path, SimulatorClient.Chat("first"));
        await client.Vllm.Journal.WaitForAsync(request => request.FaultStruck).WaitAsync(SimulatorClient.Patience);
        var second = client.PostAsync(Path, SimulatorClient.Chat("second"));
        await WaitForLoadAsync(client, (1, 1));

        var (status, json) = await client.PostAsync(Path, SimulatorClient.Chat("third"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("ServiceUnavailableError", (string?)json["error"]!["type"]);

        client.Vllm.Faults.Release();
        Assert.Equal(HttpStatusCode.OK, (await first).Status);
        Assert.Equal(HttpStatusCode.OK, (await second).Status);
        Assert.Equal((0, 0), client.Vllm.Load);
    }

    [Fact]
    public async Task Queue_NotRejecting_LetsAllWait()
    {
        await using var client = await StartAsync(running: 1, queued: 0);
        client.Vllm.Options.RejectWhenQueueFull = false;
        client.Vllm.Faults.Next(Fault.Stall(1));
        var first = client.PostAsync(Path, SimulatorClient.Chat("first"));
        await client.Vllm.Journal.WaitForAsync(request => request.FaultStruck).WaitAsync(SimulatorClient.Patience);
        var others = Enumerable.Range(0, 3).Select(_ => client.PostAsync(Path, SimulatorClient.Chat("x"))).ToList();
        await WaitForLoadAsync(client, (1, 3));
        client.Vllm.Faults.Release();
        Assert.All(await Task.WhenAll([first, .. others]), answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
    }

    [Fact]
    public async Task Queue_Streamed_HeadersComeBeforeTheFirstToken()
    {
        await using var client = await StartAsync(running: 0, queued: 5);
        using var response = await client.StartPostAsync(Path, SimulatorClient.Chat("x", "\"stream\":true")).WaitAsync(SimulatorClient.Patience);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal((0, 1), client.Vllm.Load);
    }

    [Fact]
    public async Task Queue_WaitingClientLeaves_FreesItsPlace()
    {
        await using var client = await StartAsync(running: 0, queued: 1);
        using (await client.StartPostAsync(Path, SimulatorClient.Chat("x", "\"stream\":true")))
        {
            Assert.Equal((0, 1), client.Vllm.Load);
        }

        Assert.Equal(RequestEnd.Aborted, await client.Vllm.Journal.Requests[0].Ended.WaitAsync(SimulatorClient.Patience));
        Assert.Equal((0, 0), client.Vllm.Load);
        Assert.Null(client.Vllm.Journal.Requests[0].TimeToFirstToken);
    }

    [Fact]
    public async Task Load_InFlight_IsTold()
    {
        await using var client = await StartAsync(running: 0, queued: 1);
        using var response = await client.StartPostAsync(Path, SimulatorClient.Chat("x", "\"stream\":true"));
        Assert.Equal("""{"server_load":1}""", await client.Http.GetStringAsync("/load"));
    }

    private static Task<SimulatorClient> StartAsync(int running, int queued)
    {
        var options = SimulatorClient.Options();
        options.MaxRunningSequences = running;
        options.MaxQueuedRequests = queued;
        return SimulatorClient.StartAsync(options);
    }

    /// <summary>Asks over the wire until it is so: admission follows the arrival that the journal signals.</summary>
    private static async Task WaitForLoadAsync(SimulatorClient client, (int Running, int Waiting) load)
    {
        using var guard = new CancellationTokenSource(SimulatorClient.Patience);
        while (client.Vllm.Load != load)
        {
            await client.Http.GetStringAsync("/load", guard.Token);
        }
    }
}
