using VllmSecure.EndToEndTests.Attacks.Http1;

namespace VllmSecure.EndToEndTests.Attacks.Resources;

/// <summary>A proxy with a small budget for bodies, before an upstream that reads them and keeps none.</summary>
public sealed class BodyTarget : IAsyncLifetime
{
    /// <summary><c>Inspection:MaxBufferedBytes</c>.</summary>
    internal const int BudgetMiB = 128;

    internal RecordingUpstream Upstream { get; } = new(keepsBodies: false);

    internal AttackedProxy Proxy { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Proxy = await AttackedProxy.StartAsync(
        Upstream.Address, ("Inspection:MaxBufferedBytes", FormattableString.Invariant($"{BudgetMiB * 1024 * 1024}")));

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        await Upstream.DisposeAsync();
    }
}
