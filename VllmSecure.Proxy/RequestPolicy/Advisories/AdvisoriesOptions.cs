namespace VllmSecure.Proxy.RequestPolicy.Advisories;

/// <summary><c>Advisories</c>: the look at the vLLM servers behind the proxy.</summary>
internal sealed class AdvisoriesOptions
{
    public const string Section = "Advisories";

    /// <summary>
    /// Whether the proxy asks each upstream at start for its release and its routes, and warns of known defects and of routes
    /// that its own table does not have.
    /// </summary>
    public bool CheckUpstreams { get; set; } = true;

    /// <summary>Seconds between two tries while an upstream does not answer yet; models load for minutes.</summary>
    public int RetrySeconds { get; set; } = 30;
}
