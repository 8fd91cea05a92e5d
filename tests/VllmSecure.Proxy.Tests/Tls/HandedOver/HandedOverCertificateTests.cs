using Microsoft.Extensions.Configuration;
using VllmSecure.Proxy.Tls.HandedOver;

namespace VllmSecure.Proxy.Tests.Tls.HandedOver;

public sealed class HandedOverCertificateTests
{
    [Theory]
    [InlineData("", null)]
    [InlineData("/run/tls.key", "/run/tls.key")]
    public void From_KeyPath_IsNotGivenWhereItIsEmpty(string keyPath, string? expected)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Kestrel:Certificates:Default:Path", "/run/tls.pem"), new("Kestrel:Certificates:Default:KeyPath", keyPath)])
            .Build();

        Assert.Equal(expected, HandedOverCertificate.From(configuration)!.KeyPath);
    }
}
