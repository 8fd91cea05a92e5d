namespace VllmSecure.Proxy.Tls.Files;

/// <summary><c>Tls:Files</c>: certificates that somebody else renews, such as certbot or cert-manager.</summary>
internal sealed class CertificateFilesOptions
{
    public const string Section = "Tls";

    /// <summary>Chosen by the name a client asks for; the first is the default.</summary>
    public IList<CertificateFile> Files { get; } = [];
}
