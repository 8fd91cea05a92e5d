using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VllmSecure.Proxy.Tls.Serving;

namespace VllmSecure.Proxy.Tests.Tls;

/// <summary>Self-signed certificates for any name and time.</summary>
internal static class TestCertificates
{
    public static readonly DateTimeOffset Start = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    public static ServerCertificate Create(params string[] names) => Create(Start, TimeSpan.FromDays(90), names);

    public static ServerCertificate Create(DateTimeOffset notBefore, TimeSpan lifetime, params string[] names) =>
        new(CreateLeaf(notBefore, lifetime, names), [], "test");

    public static X509Certificate2 CreateLeaf(DateTimeOffset notBefore, TimeSpan lifetime, params string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={names[0]}", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
            {
                alternatives.AddIpAddress(address);
            }
            else
            {
                alternatives.AddDnsName(name);
            }
        }

        request.CertificateExtensions.Add(alternatives.Build());
        return request.CreateSelfSigned(notBefore, notBefore + lifetime);
    }
}
