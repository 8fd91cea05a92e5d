using VllmSecure.Proxy.Tls.Acme.Protocol;

namespace VllmSecure.Proxy.Tls.Acme.Storage;

/// <summary>What has to be remembered of one certificate over restarts, so that a crash loop cannot hammer a CA.</summary>
internal sealed record CertificateState
{
    /// <summary>Failed attempts in a row.</summary>
    public int Failures { get; init; }

    public DateTimeOffset? LastAttempt { get; init; }

    /// <summary>Why the last attempt failed; null where it did not.</summary>
    public string? LastError { get; init; }

    /// <summary>Not before this instant is tried again after a failure.</summary>
    public DateTimeOffset? NextAttempt { get; init; }

    /// <summary>The challenge that worked last: tried first.</summary>
    public string? Challenge { get; init; }

    /// <summary>The directory of the CA that issued the certificate at hand.</summary>
    public Uri? Directory { get; init; }

    /// <summary>What ARI suggested last for the certificate at hand.</summary>
    public RenewalWindow? Window { get; init; }

    /// <summary>When ARI is to be asked again.</summary>
    public DateTimeOffset? NextRenewalInfo { get; init; }

    /// <summary>Directories that asked to be left alone, and until when.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> BlockedUntil { get; init; } = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
}
