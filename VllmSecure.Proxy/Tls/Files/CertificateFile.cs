namespace VllmSecure.Proxy.Tls.Files;

/// <summary>One entry of <c>Tls:Files</c>.</summary>
internal sealed class CertificateFile
{
    /// <summary>A PEM file with the chain, leaf first, or a PFX.</summary>
    public string? Certificate { get; set; }

    /// <summary>The PEM file of the key; left out where the first file holds it too.</summary>
    public string? Key { get; set => field = string.IsNullOrWhiteSpace(value) ? null : value; }

    /// <summary>For a PFX or an encrypted key.</summary>
    public string? Password { get; set; }
}
