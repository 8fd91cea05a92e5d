namespace VllmSecure.Proxy.Tls;

/// <summary>
/// Feeds the <see cref="Serving.CertificateStore"/>. A source never takes the last good certificate out of the store: when it
/// cannot renew, it says so in the log and keeps what it has.
/// </summary>
internal interface ICertificateSource
{
    /// <summary>
    /// Puts a first certificate into the store, before the listeners open.
    /// Throws <see cref="Proxy.Commands.StartFailedException"/> where the proxy must not start.
    /// </summary>
    Task LoadAsync(CancellationToken cancellationToken);

    /// <summary>Keeps the store fresh until cancelled; it returns early where nothing is left to do.</summary>
    Task WatchAsync(CancellationToken stopping);

    /// <summary>The state of each certificate, at any time after <see cref="LoadAsync"/>.</summary>
    IReadOnlyList<CertificateStatus> Describe();
}
