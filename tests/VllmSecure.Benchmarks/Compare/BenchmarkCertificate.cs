using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace VllmSecure.Benchmarks.Compare;

/// <summary>The one certificate of all servers: ECDSA P-256, as every authority issues today.</summary>
internal sealed class BenchmarkCertificate
{
    private BenchmarkCertificate(string certificate, string key, string both) => (CertificateFile, KeyFile, CombinedFile) = (certificate, key, both);

    public string CertificateFile { get; }

    public string KeyFile { get; }

    /// <summary>Certificate and key in one file, as HAProxy wants it.</summary>
    public string CombinedFile { get; }

    public static BenchmarkCertificate Create(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        var files = new BenchmarkCertificate(Path.Combine(folder, "certificate.pem"), Path.Combine(folder, "key.pem"), Path.Combine(folder, "both.pem"));
        File.WriteAllText(files.CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(files.KeyFile, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(files.CombinedFile, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        return files;
    }
}
