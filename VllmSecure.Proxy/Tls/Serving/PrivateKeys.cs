using System.Security.Cryptography.X509Certificates;

namespace VllmSecure.Proxy.Tls.Serving;

internal static class PrivateKeys
{
    /// <summary>Makes a certificate's in-memory key usable for TLS: SChannel on Windows takes only keys that came from a PFX.</summary>
    public static X509Certificate2 ForTls(X509Certificate2 certificate)
    {
        if (!OperatingSystem.IsWindows())
        {
            return certificate;
        }

        using (certificate)
        {
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
        }
    }
}
