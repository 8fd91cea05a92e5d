using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VllmSecure.Proxy.Tls;
using VllmSecure.Proxy.Tls.Files;

namespace VllmSecure.IntegrationTests.Tls;

/// <summary>Certificates from files in real handshakes: chosen by name, and taken up when they change.</summary>
public sealed class CertificateFilesTests : IDisposable
{
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("vllm-secure-test-");

    [Theory]
    [InlineData("one.example", "one.example")]
    [InlineData("any.two.example", "*.two.example")]
    [InlineData("unknown.example", "one.example")]
    public async Task Handshake_ForAName_GetsItsCertificateOrTheFirst(string asked, string expected)
    {
        await using var server = await StartAsync();

        using var served = await HandshakeAsync(server, asked);

        Assert.Equal($"CN={expected}", served.Subject);
    }

    [Fact]
    public async Task Handshake_AfterTheFilesHaveChanged_GetsTheNewCertificate()
    {
        await using var server = await StartAsync();
        using var before = await HandshakeAsync(server, "one.example");

        Write("one", "one.example");
        ((FilesCertificateSource)server.Get<ICertificateSource>()).Look();
        using var after = await HandshakeAsync(server, "one.example");

        Assert.NotEqual(before.Thumbprint, after.Thumbprint);
        Assert.Equal(before.Subject, after.Subject);
    }

    public void Dispose() => _files.Delete(recursive: true);

    private static async Task<X509Certificate2> HandshakeAsync(TlsServer server, string name)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, server.Port);
        await using var tls = new SslStream(socket.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync(name).WaitAsync(TimeSpan.FromSeconds(30));
        return new X509Certificate2(tls.RemoteCertificate!);
    }

    private Task<TlsServer> StartAsync()
    {
        Write("one", "one.example");
        Write("two", "*.two.example");
        return TlsServer.StartAsync(
        [
            "--Tls:Source=Files",
            $"--Tls:Files:0:Certificate={PathOf("one.pem")}",
            $"--Tls:Files:0:Key={PathOf("one.key")}",
            $"--Tls:Files:1:Certificate={PathOf("two.pem")}",
            $"--Tls:Files:1:Key={PathOf("two.key")}",
        ]);
    }

    private string PathOf(string file) => Path.Combine(_files.FullName, file);

    private void Write(string file, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
        File.WriteAllText(PathOf(file + ".key"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(PathOf(file + ".pem"), certificate.ExportCertificatePem());
    }
}
