namespace VllmSecure.Proxy.Routing;

/// <summary><c>Upstreams</c>: the vLLM servers by name.</summary>
internal sealed class UpstreamsOptions
{
    public const string Section = "Upstreams";

    /// <summary>Each upstream under the name that logs and metrics call it.</summary>
    public Dictionary<string, UpstreamOptions> Upstreams { get; } = new(StringComparer.OrdinalIgnoreCase);
}
