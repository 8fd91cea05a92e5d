namespace VllmSecure.EndToEndTests.Attacks.Http1;

/// <summary>A proxy before the recorder: one for all cases of a class.</summary>
public sealed class Http1Target : IAsyncLifetime
{
    internal RecordingUpstream Upstream { get; } = new();

    internal AttackedProxy Proxy { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        Proxy = await AttackedProxy.StartAsync(Upstream.Address, ("ApiSurface:Realtime", "true"));

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        await Upstream.DisposeAsync();
    }
}
