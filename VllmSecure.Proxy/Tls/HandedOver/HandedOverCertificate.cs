namespace VllmSecure.Proxy.Tls.HandedOver;

/// <summary>
/// The certificate that an orchestrator hands over under Kestrel's own configuration keys
/// (<c>Kestrel:Certificates:Default</c>), as Aspire's run mode does.
/// </summary>
/// <param name="Path">A PFX or PEM file.</param>
/// <param name="KeyPath">The PEM file of the key; null for a PFX.</param>
/// <param name="Password">The password of the PFX or of the encrypted key.</param>
internal sealed record HandedOverCertificate(string Path, string? KeyPath, string? Password)
{
    public const string Section = "Kestrel:Certificates:Default";

    /// <summary>Null where none was handed over.</summary>
    public static HandedOverCertificate? From(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        return section["Path"] is { Length: > 0 } path
            ? new HandedOverCertificate(path, section["KeyPath"] is { Length: > 0 } keyPath ? keyPath : null, section["Password"])
            : null;
    }
}
