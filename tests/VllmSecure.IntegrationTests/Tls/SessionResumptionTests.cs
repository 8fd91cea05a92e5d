using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VllmSecure.Proxy.Tls.Serving;

namespace VllmSecure.IntegrationTests.Tls;

public sealed class SessionResumptionTests : IDisposable
{
    private readonly string _session = Path.GetTempFileName();
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("vllm-secure-test-");

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

    /// <summary>A session has no intermediates of the client's: resuming one would close the second connection.</summary>
    [Fact]
    public async Task ClientCertificate_BehindAnIntermediate_SecondConnectionIsServedToo()
    {
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var intermediateKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var clientKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var root = Sign("CN=clients", rootKey, null, isAuthority: true);
        using var intermediate = Sign("CN=department", intermediateKey, root, isAuthority: true);
        using var client = Sign("CN=batch", clientKey, intermediate, isAuthority: false);
        var (authority, leaf, chain, key) = (Write(root.ExportCertificatePem()), Write(client.ExportCertificatePem()), Write(intermediate.ExportCertificatePem()), Write(clientKey.ExportPkcs8PrivateKeyPem()));
        await using var server = await TlsServer.StartAsync(["--Tls:ClientCertificates:Mode=Required", $"--Tls:ClientCertificates:Authority={authority}"]);
        string[] arguments = ["-tls1_3", "-cert", leaf, "-cert_chain", chain, "-key", key];

        Assert.Contains("HTTP/1.1 200", await OpenSsl.ConnectAsync(server, [.. arguments, "-sess_out", _session]), StringComparison.Ordinal);
        Assert.Contains("HTTP/1.1 200", await OpenSsl.ConnectAsync(server, [.. arguments, "-sess_in", _session]), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        File.Delete(_session);
        _files.Delete(recursive: true);
    }

    private string Write(string content)
    {
        var path = Path.Combine(_files.FullName, Path.GetRandomFileName());
        File.WriteAllText(path, content);
        return path;
    }

    private static X509Certificate2 Sign(string name, ECDsa key, X509Certificate2? issuer, bool isAuthority)
    {
        var now = TimeProvider.System.GetUtcNow();
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(isAuthority
            ? new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true)
            : new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.2")], critical: false));
        if (issuer is null)
        {
            return request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
        }

        using var issued = request.Create(issuer, now.AddMinutes(-5), now.AddHours(1), RandomNumberGenerator.GetBytes(8));
        return issued.CopyWithPrivateKey(key);
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        return new CertificateRequest("CN=next", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
    }
}
