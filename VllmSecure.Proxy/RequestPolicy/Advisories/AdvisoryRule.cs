namespace VllmSecure.Proxy.RequestPolicy.Advisories;

/// <summary>Something that the proxy does, and the advisories that it blunts.</summary>
/// <param name="Does">What it does, as the documentation says it.</param>
/// <param name="Advisories">Their identifiers.</param>
internal sealed record AdvisoryRule(string Does, IReadOnlyList<string> Advisories)
{
    /// <summary>The endpoints that stay closed; empty where the rule is of another kind.</summary>
    public IReadOnlyList<string> ClosedEndpoints { get; init; } = [];
}
