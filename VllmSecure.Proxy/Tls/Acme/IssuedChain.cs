using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VllmSecure.Proxy.Tls.Acme.Protocol;
using VllmSecure.Proxy.Tls.Serving;

namespace VllmSecure.Proxy.Tls.Acme;

/// <summary>Checks what a CA sent before it replaces a certificate that works. Pure.</summary>
internal static class IssuedChain
{
    /// <summary>Throws <see cref="AcmeException"/> with the reason where the chain must not be served.</summary>
    public static ServerCertificate Check(string chainPem, string keyPem, AcmeIdentifier identifier, DateTimeOffset now)
    {
        ServerCertificate certificate;
        try
        {
            certificate = CertificateFileReader.ReadPem(chainPem, keyPem, password: null, "ACME");
        }
        catch (CryptographicException exception)
        {
            throw new AcmeException($"The CA sent a chain that is not for our key: {exception.Message}", exception);
        }

        if (!certificate.Names.Contains(identifier.Value, StringComparer.Ordinal))
        {
            throw new AcmeException($"The CA sent a certificate for {string.Join(", ", certificate.Names)} in place of {identifier}.");
        }

        if (certificate.NotAfter <= now)
        {
            throw new AcmeException($"The CA sent a certificate that ended at {certificate.NotAfter:u}. Check this machine's clock.");
        }

        return IsLinked(certificate, now) ? certificate : throw new AcmeException("The CA sent a chain in which one certificate did not sign the one before it.");
    }

    /// <summary>Whether each certificate signed the one before it. Whether clients trust the last one is for them to say.</summary>
    private static bool IsLinked(ServerCertificate certificate, DateTimeOffset now)
    {
        using var chain = new X509Chain();

        // With the machine's roots a cross-signed certificate would be left out: the root of the same key ends the chain before it.
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.ExtraStore.AddRange(certificate.Intermediates.ToArray());
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority
            | X509VerificationFlags.IgnoreNotTimeValid;
        if (!chain.Build(certificate.Leaf))
        {
            return false;
        }

        var linked = chain.ChainElements.Select(element => element.Certificate.Thumbprint).ToHashSet(StringComparer.Ordinal);
        return certificate.Intermediates.All(intermediate => linked.Contains(intermediate.Thumbprint));
    }
}
