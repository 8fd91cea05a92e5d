using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace VllmSecure.Proxy.Tls.Serving;

/// <summary>Reads a certificate with its chain and key from PEM files or a PFX.</summary>
internal static class CertificateFileReader
{
    /// <summary>Throws <see cref="IOException"/>, <see cref="UnauthorizedAccessException"/> or <see cref="CryptographicException"/>.</summary>
    /// <param name="path">A PEM file, leaf first, or a PFX.</param>
    /// <param name="keyPath">The PEM file of the key; null where the first file has it too.</param>
    /// <param name="password">For a PFX or an encrypted key.</param>
    public static ServerCertificate Read(string path, string? keyPath, string? password)
    {
        var content = File.ReadAllBytes(path);
        return IsPem(content)
            ? ReadPem(System.Text.Encoding.UTF8.GetString(content), File.ReadAllText(keyPath ?? path), password, path)
            : ReadPfx(content, password, path);
    }

    /// <summary>Throws <see cref="CryptographicException"/>, also where key and certificate do not belong together.</summary>
    public static ServerCertificate ReadPem(string chainPem, string keyPem, string? password, string origin)
    {
        X509Certificate2 leaf;
        try
        {
            leaf = string.IsNullOrEmpty(password)
                ? X509Certificate2.CreateFromPem(chainPem, keyPem)
                : X509Certificate2.CreateFromEncryptedPem(chainPem, keyPem, password);
        }
        catch (ArgumentException exception)
        {
            throw new CryptographicException("The key does not belong to the certificate.", exception);
        }

        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(chainPem);
        return new ServerCertificate(PrivateKeys.ForTls(leaf), Intermediates(leaf, chain), origin);
    }

    private static ServerCertificate ReadPfx(byte[] content, string? password, string origin)
    {
        var all = X509CertificateLoader.LoadPkcs12Collection(content, password);
        var leaf = all.FirstOrDefault(certificate => certificate.HasPrivateKey)
            ?? throw new CryptographicException("The file holds no certificate with a private key.");
        return new ServerCertificate(leaf, Intermediates(leaf, all), origin);
    }

    /// <summary>Everything but the leaf and roots: a client has its own roots or does not trust them.</summary>
    private static X509Certificate2[] Intermediates(X509Certificate2 leaf, X509Certificate2Collection chain) =>
    [
        .. chain.Where(certificate => !certificate.RawDataMemory.Span.SequenceEqual(leaf.RawDataMemory.Span)
            && !certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData)),
    ];

    private static bool IsPem(ReadOnlySpan<byte> content) => content.IndexOf("-----BEGIN "u8) >= 0;
}
