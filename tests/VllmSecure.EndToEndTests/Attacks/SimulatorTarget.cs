using System.Globalization;
using VllmSecure.Simulator;

namespace VllmSecure.EndToEndTests.Attacks;

/// <summary>A proxy with its defaults before a simulated vLLM, the same for all attacks in turn: what one of them leaves behind, the next would meet.</summary>
public sealed class SimulatorTarget : IAsyncLifetime
{
    /// <summary>
    /// What an attack may add to the proxy's memory, in MiB. Freed memory stays with the process for a while, so this is no measure of
    /// leaks; it is far below what the same attack takes where each of its thousands of pieces is kept.
    /// </summary>
    private const double MaxGrowthMiB = 200;

    public SimulatedVllm Vllm { get; private set; } = null!;

    internal AttackedProxy Proxy { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [AttackedProxy.Model] });
        Proxy = await AttackedProxy.StartAsync(Vllm.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        await Vllm.DisposeAsync();
    }

    /// <summary>Runs an attack beside a good client, which must be served, and holds the proxy's memory to its bound.</summary>
    internal async Task WithstandsAsync(Func<Task> attack)
    {
        using var client = new GoodClient(Proxy);
        await client.SendAsync();
        var before = Proxy.Figures;

        await client.IsServedDuringAsync(attack);

        var after = Proxy.Figures;
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"before: {before}; after: {after}"));
        Assert.InRange(after.ResidentMiB - before.ResidentMiB, double.MinValue, MaxGrowthMiB);
    }
}
