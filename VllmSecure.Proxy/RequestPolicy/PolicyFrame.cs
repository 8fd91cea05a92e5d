namespace VllmSecure.Proxy.RequestPolicy;

/// <summary>An object or array that is open while the body is read.</summary>
internal struct PolicyFrame
{
    public PolicyPlace Place;

    /// <summary>What a <see cref="PolicyPlace.Media"/> object holds.</summary>
    public MediaKind Media;

    /// <summary>The limit on its items, if it has one.</summary>
    public CapRule? Cap;

    public long Items;
}
