using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VllmSecure.Proxy.Tls.Acme;
using VllmSecure.Proxy.Tls.Acme.Protocol;
using VllmSecure.Proxy.Tls.Serving;

namespace VllmSecure.Proxy.Tests.Tls.Acme;

public sealed class IssuedChainTests
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    /// <summary>As Let's Encrypt's and others' are while a new root is not everywhere: the machine knows the root, the CA sends its cross-signed twin.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Check_CrossSignedRoot_IsAcceptedAndSent(bool machineKnowsTheRoot)
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("A trust store without questions is missing: other systems ask the user before they add a root.");
        }

        using var oldKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = $"CN=VllmSecure test root {Guid.NewGuid():N}";
        using var old = Sign("CN=old root", oldKey, oldKey, null, isAuthority: true);
        using var root = Sign(name, rootKey, rootKey, null, isAuthority: true);
        using var cross = Sign(name, rootKey, oldKey, old, isAuthority: true);
        using var leaf = Sign("CN=leaf", key, rootKey, root, isAuthority: false);
        var chain = $"{leaf.ExportCertificatePem()}\n{cross.ExportCertificatePem()}\n";
        using var store = new X509Store(StoreName.Root, StoreLocation.CurrentUser, OpenFlags.ReadWrite);
        try
        {
            if (machineKnowsTheRoot)
            {
                store.Add(root);
            }

            var certificate = IssuedChain.Check(chain, key.ExportPkcs8PrivateKeyPem(), new AcmeIdentifier(AcmeIdentifier.Dns, "llm.example"), Now);
            Assert.Equal(cross.Thumbprint, Assert.Single(certificate.Intermediates).Thumbprint);
            var sent = new ServingCertificate(certificate, allowTls12: true).For(hello: null).ServerCertificateContext!.IntermediateCertificates;
            Assert.Equal(cross.Thumbprint, Assert.Single(sent).Thumbprint);
        }
        finally
        {
            store.Remove(root);
        }
    }

    private static X509Certificate2 Sign(string name, ECDsa key, ECDsa issuerKey, X509Certificate2? issuer, bool isAuthority)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        if (isAuthority)
        {
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        }
        else
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("llm.example");
            request.CertificateExtensions.Add(names.Build());
        }

        var generator = X509SignatureGenerator.CreateForECDsa(issuerKey);
        return request.Create(issuer?.SubjectName ?? new X500DistinguishedName(name), generator, Now.AddHours(-1), Now.AddDays(1), RandomNumberGenerator.GetBytes(8));
    }
}
