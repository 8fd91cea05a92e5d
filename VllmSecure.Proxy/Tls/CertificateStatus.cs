namespace VllmSecure.Proxy.Tls;

/// <summary>What is known of one certificate: for <c>/status</c>, metrics, readiness and the command line.</summary>
/// <param name="Names">What it is for.</param>
/// <param name="Origin">Where it comes from.</param>
/// <param name="NotAfter">The end of validity.</param>
internal sealed record CertificateStatus(IReadOnlyList<string> Names, string Origin, DateTimeOffset NotAfter)
{
    /// <summary>Whether it stands in for one that could not be had yet: no client trusts it.</summary>
    public bool IsPlaceholder { get; init; }

    /// <summary>When a renewal is planned; null where somebody else renews.</summary>
    public DateTimeOffset? NextRenewal { get; init; }

    public DateTimeOffset? LastAttempt { get; init; }

    /// <summary>Why the last attempt failed; null where it did not.</summary>
    public string? LastError { get; init; }

    /// <summary>Failed attempts in a row.</summary>
    public int Failures { get; init; }
}
