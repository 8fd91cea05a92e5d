namespace VllmSecure.Proxy.RequestPolicy.Advisories;

/// <summary>A published defect of vLLM that something in front of it can blunt.</summary>
/// <param name="Id">Its identifier in the CVE or PyPA database.</param>
/// <param name="FixedIn">The first release without it; null where that is not known.</param>
/// <param name="Problem">What goes wrong.</param>
internal sealed record Advisory(string Id, Version? FixedIn, string Problem)
{
    /// <summary>Whether a release of vLLM has the defect, as far as is known.</summary>
    public bool AppliesTo(Version version) => FixedIn is not null && version < FixedIn;
}
