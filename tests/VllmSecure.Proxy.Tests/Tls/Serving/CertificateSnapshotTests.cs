using System.Net;
using VllmSecure.Proxy.Tls.Serving;

namespace VllmSecure.Proxy.Tests.Tls.Serving;

public sealed class CertificateSnapshotTests
{
    private static readonly CertificateSnapshot Snapshot = new(
    [
        new ServingCertificate(TestCertificates.Create("default.example"), allowTls12: true),
        new ServingCertificate(TestCertificates.Create("*.wild.example"), allowTls12: true),
        new ServingCertificate(TestCertificates.Create("exact.wild.example"), allowTls12: true),
        new ServingCertificate(TestCertificates.Create("192.0.2.1"), allowTls12: true),
        new ServingCertificate(TestCertificates.Create("192.0.2.2", "2001:db8::2"), allowTls12: true),
    ]);

    [Theory]
    [InlineData("default.example", "default.example")]
    [InlineData("exact.wild.example", "exact.wild.example")]
    [InlineData("other.wild.example", "*.wild.example")]
    [InlineData("two.labels.wild.example", "default.example")]
    [InlineData("wild.example", "default.example")]
    [InlineData("unknown.example", "default.example")]
    [InlineData("localhost", "default.example")]
    public void Select_ByName_ExactThenWildcardThenDefault(string serverName, string expected) =>
        Assert.Equal(expected, Snapshot.Select(serverName, IPAddress.Loopback)!.Certificate.Names[0]);

    [Theory]
    [InlineData("192.0.2.2", "192.0.2.2")]
    [InlineData("::ffff:192.0.2.2", "192.0.2.2")]
    [InlineData("2001:db8::2", "192.0.2.2")]
    [InlineData("10.0.0.1", "192.0.2.1")]
    public void Select_WithoutName_ByLocalAddressThenAnyAddress(string local, string expected) =>
        Assert.Equal(expected, Snapshot.Select(null, IPAddress.Parse(local))!.Certificate.Names[0]);

    [Fact]
    public void Select_Empty_IsNull() => Assert.Null(CertificateSnapshot.Empty.Select("example.com", null));
}
