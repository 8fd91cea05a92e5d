using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VllmSecure.Proxy.Tls.ClientCertificates;

namespace VllmSecure.Proxy.Tests.Tls.ClientCertificates;

public sealed class ClientCertificateIdentityTests
{
    [Theory]
    [InlineData("batch.example", "dns")]
    [InlineData("spiffe://cluster/batch", "uri")]
    [InlineData("ops@example.com", "mail")]
    [InlineData("spiffe://cluster/second", "uri")]
    [InlineData("second@example.com", "mail")]
    [InlineData("batch worker", "common")]
    [InlineData("BATCH.example", "dns")]
    [InlineData("somebody else", null)]
    public void KeyIdOf_AnyNameOfTheCertificate_FindsTheKey(string mapped, string? by)
    {
        using var certificate = Create();
        var keys = new Dictionary<string, string>(StringComparer.Ordinal) { ["key-1"] = mapped, ["key-2"] = "unrelated" };

        Assert.Equal(by is null ? null : "key-1", ClientCertificateIdentity.KeyIdOf(certificate, keys));
    }

    [Fact]
    public void KeyIdOf_WithoutMapping_IsNull()
    {
        using var certificate = Create();

        Assert.Null(ClientCertificateIdentity.KeyIdOf(certificate, new Dictionary<string, string>(StringComparer.Ordinal)));
    }

    [Fact]
    public void Validate_ModeWithoutAuthority_NamesTheKey()
    {
        var result = new ClientCertificateOptionsValidator().Validate(null, new ClientCertificateOptions { Mode = "Required" });

        Assert.StartsWith("Tls:ClientCertificates:Authority: ", Assert.Single(result.Failures!), StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_KeysWithoutMode_NamesTheMode()
    {
        var result = new ClientCertificateOptionsValidator().Validate(null, new ClientCertificateOptions { Keys = { ["a"] = "b" } });

        Assert.StartsWith("Tls:ClientCertificates:Mode: ", Assert.Single(result.Failures!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("required")]
    [InlineData("Sometimes")]
    public void Validate_UnknownMode_IsRefused(string mode) =>
        Assert.True(new ClientCertificateOptionsValidator().Validate(null, new ClientCertificateOptions { Mode = mode }).Failed);

    private static X509Certificate2 Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=batch worker", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("batch.example");
        names.AddUri(new Uri("spiffe://cluster/batch"));
        names.AddUri(new Uri("spiffe://cluster/second"));
        names.AddEmailAddress("ops@example.com");
        names.AddEmailAddress("second@example.com");
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(TestCertificates.Start, TestCertificates.Start.AddDays(1));
    }
}
