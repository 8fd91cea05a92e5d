namespace VllmSecure.AppHost.SecureProxy;

/// <summary>What commands on the dashboard need to know of the proxy.</summary>
/// <param name="ApiKey">The key of run mode; null when publishing.</param>
internal sealed record SecureProxyAnnotation(ParameterResource? ApiKey) : IResourceAnnotation
{
    /// <summary>The first upstream, whose model a test prompt asks for.</summary>
    public Vllm.VllmResource? Upstream { get; set; }
}
