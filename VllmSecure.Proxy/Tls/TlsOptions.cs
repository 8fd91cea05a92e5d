namespace VllmSecure.Proxy.Tls;

/// <summary><c>Tls</c>: where certificates come from and which protocol versions are spoken.</summary>
internal sealed class TlsOptions
{
    public const string Section = "Tls";

    /// <summary>
    /// <c>Development</c>, <c>Files</c> or <c>Acme</c> (<see cref="TlsSources"/>). Default: a certificate handed over in
    /// <c>Kestrel:Certificates:Default</c> if there is one, else <c>Development</c>; Production has to say it.
    /// </summary>
    public string? Source { get; set; }

    /// <summary><c>1.2</c> or <c>1.3</c>.</summary>
    public string MinimumVersion { get; set; } = TlsVersions.Tls12;
}
