using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VllmSecure.Proxy.Tls.Acme.Protocol;

namespace VllmSecure.Proxy.Tests.Tls.Acme.Protocol;

public sealed class SigningRequestsTests
{
    [Theory]
    [InlineData("dns", "*.example.com")]
    [InlineData("ip", "2001:db8::1")]
    public void Create_NameOrAddress_IsInACriticalAlternativeNameAndNowhereElse(string type, string value)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = CertificateRequest.LoadSigningRequest(
            SigningRequests.Create(new AcmeIdentifier(type, value), key), HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions);

        Assert.Equal("", request.SubjectName.Name);
        var extension = Assert.Single(request.CertificateExtensions);
        Assert.True(extension.Critical);
        var names = new X509SubjectAlternativeNameExtension(extension.RawData);
        Assert.Equal(value, Assert.Single([.. names.EnumerateDnsNames(), .. names.EnumerateIPAddresses().Select(address => address.ToString())]));
    }
}
