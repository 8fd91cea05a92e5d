namespace VllmSecure.Proxy.Caching;

/// <summary>Tells a client where its answer came from.</summary>
internal static class CacheHeader
{
    public const string Name = "X-Cache";

    public const string Hit = "HIT";

    public const string Miss = "MISS";
}
