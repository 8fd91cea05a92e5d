namespace VllmSecure.AppHost.SecureProxy;

/// <summary>Where the certificates of a published stack come from (<c>Tls:Source</c>).</summary>
internal enum CertificateSource
{
    /// <summary>Ordered and renewed by the proxy.</summary>
    Acme,

    /// <summary>Files beside the published ones.</summary>
    Files,
}
