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

    [Fact]
    public async Task Swap_SessionOfTheOldCertificate_FallsBackToAFullHandshakeAndNewOnesResume()
    {
        await using var server = await TlsServer.StartAsync();
        await OpenSsl.ConnectAsync(server, "-tls1_3", "-sess_out", _session);
        server.Get<CertificateStore>().RenewContexts();

        var after = await OpenSsl.ConnectAsync(server, "-tls1_3", "-sess_in", _session, "-sess_out", _session);
        Assert.Contains("New, TLSv1.3", after, StringComparison.Ordinal);
        Assert.Contains("HTTP/1.1 200", after, StringComparison.Ordinal);
        Assert.Contains("Reused, TLSv1.3", await OpenSsl.ConnectAsync(server, "-tls1_3", "-sess_in", _session), StringComparison.Ordinal);
    }

    public void Dispose() => File.Delete(_session);
}
