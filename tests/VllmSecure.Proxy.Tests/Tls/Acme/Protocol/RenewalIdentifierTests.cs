using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VllmSecure.Proxy.Tls.Acme.Protocol;

namespace VllmSecure.Proxy.Tests.Tls.Acme.Protocol;

public sealed class RenewalIdentifierTests
{
    [Fact]
    public void Of_ExampleOfTheRfc_KeepsTheLeadingZeroOfTheSerial()
    {
        // RFC 9773 section 4.1.
        using var certificate = Create([0x87, 0x65, 0x43, 0x21], Convert.FromHexString("69885B6B87464041E1B37B847BA0AE2CDE01C8D4"));

        Assert.Equal("aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE", RenewalIdentifier.Of(certificate));
    }

    [Fact]
    public void Of_CertificateWithoutIssuerKey_IsNull()
    {
        using var certificate = Create([0x01], issuerKey: null);

        Assert.Null(RenewalIdentifier.Of(certificate));
    }

    private static X509Certificate2 Create(byte[] serial, byte[]? issuerKey)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=leaf", key, HashAlgorithmName.SHA256);
        if (issuerKey is not null)
        {
            request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(issuerKey));
        }

        return request.Create(
            new X500DistinguishedName("CN=issuer"), X509SignatureGenerator.CreateForECDsa(key), TestCertificates.Start, TestCertificates.Start.AddDays(1), serial);
    }
}
