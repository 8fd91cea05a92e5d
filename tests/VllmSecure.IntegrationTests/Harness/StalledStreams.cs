using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests.Harness;

/// <summary>Lets stalled streams go on.</summary>
internal static class StalledStreams
{
    /// <summary>
    /// Releases again and again until something is done: a client sees a token before the simulator has come to the stall
    /// behind it, so a single release could come too early and be lost.
    /// </summary>
    public static async Task ReleaseUntilAsync(this SimulatedVllm vllm, Task done)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!done.IsCompleted)
        {
            timeout.Token.ThrowIfCancellationRequested();
            vllm.Faults.Release();
            await Task.Yield();
        }

        await done;
    }
}
