using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace VllmSecure.EndToEndTests.Attacks.Soak;

/// <summary>A certificate and its key in a file that is replaced, whole, while the proxy runs.</summary>
internal sealed class ServedCertificates : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vllm-secure-soak-");
    private readonly X509Certificate2 _authority;
    private readonly ECDsa _authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly DateTimeOffset _start = TimeProvider.System.GetUtcNow();

    public ServedCertificates()
    {
        var request = new CertificateRequest("CN=Soak Authority", _authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        _authority = request.CreateSelfSigned(_start.AddDays(-1), _start.AddDays(30));
        File.WriteAllText(AuthorityFile, _authority.ExportCertificatePem());
        Replace();
    }

    public string AuthorityFile => Path.Combine(_folder.FullName, "ca.pem");

    /// <summary>The file with both.</summary>
    public string Pair => Path.Combine(_folder.FullName, "localhost.pem");

    /// <summary>Puts a new pair in place.</summary>
    /// <returns>The new certificate's thumbprint.</returns>
    public string Replace()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_authority, includeKeyIdentifier: false, includeIssuerAndSerial: true));
        using var leaf = request.Create(
            _authority.SubjectName, X509SignatureGenerator.CreateForECDsa(_authorityKey), _start.AddDays(-1), _start.AddDays(20), RandomNumberGenerator.GetBytes(16));

        var next = Path.Combine(_folder.FullName, "next.pem");
        File.WriteAllText(next, leaf.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        if (OperatingSystem.IsLinux())
        {
            File.SetUnixFileMode(next, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        File.Move(next, Pair, overwrite: true);
        return leaf.Thumbprint;
    }

    public void Dispose()
    {
        _authority.Dispose();
        _authorityKey.Dispose();
        _folder.Delete(recursive: true);
    }
}
