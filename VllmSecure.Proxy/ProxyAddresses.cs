namespace VllmSecure.Proxy;

/// <summary>Where a started proxy can be reached from this machine.</summary>
/// <param name="Https">The API, for example <c>https://localhost:8443</c>.</param>
/// <param name="Http">The redirect listener; null where there is none.</param>
/// <param name="Management">Health, metrics and status.</param>
/// <param name="CertificateAuthorityFile">PEM file of the local CA that clients must trust; null with any other certificate source.</param>
public sealed record ProxyAddresses(Uri Https, Uri? Http, Uri Management, string? CertificateAuthorityFile);
