using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VllmSecure.Proxy.Tls.Serving;

namespace VllmSecure.IntegrationTests.Tls;

public sealed class SessionResumptionTests : IDisposable
{
    private readonly string _session = Path.GetTempFileName();

    [Fact]
    public async Task Tls13_SecondConnection_ResumesTheSession()
    {
        await using var server = await TlsServer.StartAsync();

        Assert.Contains("New, TLSv1.3", await OpenSsl.ConnectAsync(server, "-tls1_3", "-sess_out", _session), StringComparison.Ordinal);
        Assert.Contains("Reused, TLSv1.3", await OpenSsl.ConnectAsync(server, "-tls1_3", "-sess_in", _session), StringComparison.Ordinal);
    }

    /// <summary>By another certificate, and by new contexts of the same one, which is how ticket keys come to their end.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Swap_SessionOfTheOldCertificate_FallsBackToAFullHandshakeAndNewOnesResume(bool toAnotherCertificate)
    {
        await using var server = await TlsServer.StartAsync();
        await OpenSsl.ConnectAsync(server, "-tls1_3", "-sess_out", _session);
        var store = server.Get<CertificateStore>();
        if (toAnotherCertificate)
        {
            store.Replace([new ServerCertificate(SelfSigned(), [], "test")]);
        }
        else
        {
            store.RenewContexts();
        }

        var after = await OpenSsl.ConnectAsync(server, "-tls1_3", "-sess_in", _session, "-sess_out", _session);
        Assert.Contains("New, TLSv1.3", after, StringComparison.Ordinal);
        Assert.Contains("HTTP/1.1 200", after, StringComparison.Ordinal);
        Assert.Contains("Reused, TLSv1.3", await OpenSsl.ConnectAsync(server, "-tls1_3", "-sess_in", _session), StringComparison.Ordinal);
    }

    public void Dispose() => File.Delete(_session);

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        return new CertificateRequest("CN=next", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
    }
}
