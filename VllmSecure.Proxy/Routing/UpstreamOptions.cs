namespace VllmSecure.Proxy.Routing;

/// <summary><c>Upstreams:&lt;name&gt;</c>: one vLLM server, or several behind one name.</summary>
internal sealed class UpstreamOptions
{
    /// <summary><c>http://host:port</c>, or a service-discovery name such as <c>http://vllm</c>.</summary>
    public string? Address { get; set; }

    /// <summary>The key that this upstream asks for (<c>vllm serve --api-key</c>); clients never see it, and theirs never goes there.</summary>
    public string? ApiKey { get; set; }
}
