using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Tls;
using VllmSecure.Proxy.Tls.Serving;

namespace VllmSecure.Proxy.Tests.Tls.Serving;

public sealed class CertificateStoreTests
{
    private readonly CertificateStore _store = new(Options.Create(new TlsOptions()));

    [Fact]
    public void Replace_SameCertificateAgain_KeepsItsTlsContext()
    {
        var kept = TestCertificates.Create("a.example");
        _store.Replace([kept, TestCertificates.Create("b.example")]);
        var before = _store.Certificates[0];
        _store.Replace([kept, TestCertificates.Create("c.example")]);

        Assert.Same(before, _store.Certificates[0]);
        Assert.Equal("c.example", _store.Certificates[1].Certificate.Names[0]);
    }

    [Fact]
    public void RenewContexts_SameCertificates_NewTlsContexts()
    {
        _store.Replace([TestCertificates.Create("a.example")]);
        var before = _store.Certificates[0];
        _store.RenewContexts();

        Assert.NotSame(before, _store.Certificates[0]);
        Assert.Same(before.Certificate, _store.Certificates[0].Certificate);
    }
}
