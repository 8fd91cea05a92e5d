using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Proxy.Tls.Acme.Challenges;
using VllmSecure.Proxy.Tls.Acme.Protocol;
using VllmSecure.Proxy.Tls.Development;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests.Tls;

/// <summary>Mutual TLS on the whole proxy: as a second factor, and as the identity.</summary>
public sealed class ClientCertificateTests : IDisposable
{
    private const HttpStatusCode RefusedByTls = (HttpStatusCode)525;
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("vllm-secure-test-");
    private readonly ECDsa _authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _authority;

    public ClientCertificateTests()
    {
        _authority = DevelopmentCertificates.CreateAuthority(_authorityKey, "clients", Now, Now.AddDays(1));
        File.WriteAllText(AuthorityFile, _authority.ExportCertificatePem());
    }

    private string AuthorityFile => Path.Combine(_files.FullName, "clients.pem");

    [Theory]
    [InlineData(null, true, RefusedByTls)]
    [InlineData("trusted", true, HttpStatusCode.OK)]
    [InlineData("trusted", false, HttpStatusCode.Unauthorized)]
    [InlineData("stranger", true, RefusedByTls)]
    [InlineData("server", true, RefusedByTls)]
    public async Task Required_IsASecondFactorBesideTheKey(string? certificate, bool withKey, HttpStatusCode expected)
    {
        await using var vllm = await SimulatedVllm.StartAsync();
        await using var proxy = await StartAsync(vllm, "Required");

        Assert.Equal(expected, await AskAsync(proxy, certificate, withKey));
    }

    [Theory]
    [InlineData(null, true, HttpStatusCode.OK)]
    [InlineData(null, false, HttpStatusCode.Unauthorized)]
    [InlineData("trusted", false, HttpStatusCode.OK)]
    [InlineData("stranger", true, RefusedByTls)]
    public async Task Optional_MappedToAKey_NeedsNoSecret(string? certificate, bool withKey, HttpStatusCode expected)
    {
        await using var vllm = await SimulatedVllm.StartAsync();
        await using var proxy = await StartAsync(vllm, "Optional", KeyValuePair.Create("Tls:ClientCertificates:Keys:test", (string?)"batch.example"));

        Assert.Equal(expected, await AskAsync(proxy, certificate, withKey));
    }

    [Fact]
    public async Task Mapped_SecondConnection_IsStillThatClient()
    {
        await using var vllm = await SimulatedVllm.StartAsync();
        await using var proxy = await StartAsync(vllm, "Optional", KeyValuePair.Create("Tls:ClientCertificates:Keys:test", (string?)"batch.example"));

        Assert.Equal(HttpStatusCode.OK, await AskAsync(proxy, "trusted", withKey: false));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(proxy, "trusted", withKey: false));
    }

    [Fact]
    public async Task Required_ChallengeHandshakeWithoutCertificate_ServesNoRequest()
    {
        await using var vllm = await SimulatedVllm.StartAsync();
        await using var proxy = await StartAsync(vllm, "Required");
        await proxy.Services.GetRequiredService<TlsAlpn01Solver>().PresentAsync(new AcmeIdentifier(AcmeIdentifier.Dns, "llm.example"), "token", "token.thumbprint", default);
        using var client = new TcpClient();
        await client.ConnectAsync(proxy.Addresses.Https.Host, proxy.Addresses.Https.Port);
#pragma warning disable CA5359 // The challenge's certificate is self-signed by definition.
        await using var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true);
#pragma warning restore CA5359
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "llm.example", ApplicationProtocols = [TlsAlpn01Certificate.Protocol] });

        Assert.Equal(TlsAlpn01Certificate.Protocol, tls.NegotiatedApplicationProtocol);
        Assert.Equal("", await RequestAsync(tls));
    }

    public void Dispose()
    {
        _authority.Dispose();
        _authorityKey.Dispose();
        _files.Delete(recursive: true);
    }

    /// <summary>What comes back for a request with a good key; empty where the connection was closed.</summary>
    private static async Task<string> RequestAsync(SslStream tls)
    {
        try
        {
            await tls.WriteAsync(Encoding.ASCII.GetBytes($"GET /v1/models HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {ProxyUnderTest.Key}\r\nConnection: close\r\n\r\n"));
            using var reader = new StreamReader(tls);
            return await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch (IOException)
        {
            return "";
        }
    }

    private Task<ProxyUnderTest> StartAsync(SimulatedVllm vllm, string mode, params KeyValuePair<string, string?>[] settings) =>
        ProxyUnderTest.StartAsync(vllm.Address, [new("Tls:ClientCertificates:Mode", mode), new("Tls:ClientCertificates:Authority", AuthorityFile), .. settings]);

    /// <summary>The status of the models list; <see cref="RefusedByTls"/> where it does not come to that.</summary>
    private async Task<HttpStatusCode> AskAsync(ProxyUnderTest proxy, string? certificate, bool withKey)
    {
#pragma warning disable CA5399 // The chain policy trusts one CA whose certificates carry no revocation list.
        using var client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = { CertificateChainPolicy = proxy.TrustPolicy(), ClientCertificates = certificate is null ? null : [Certificate(certificate)] },
        });
#pragma warning restore CA5399
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(proxy.Addresses.Https, "/v1/models"));
        if (withKey)
        {
            request.Headers.Authorization = new("Bearer", ProxyUnderTest.Key);
        }

        try
        {
            using var response = await client.SendAsync(request);
            return response.StatusCode;
        }
        catch (HttpRequestException exception) when (exception.InnerException is AuthenticationException or IOException)
        {
            return RefusedByTls;
        }
    }

    private X509Certificate2 Certificate(string kind)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=batch", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("batch.example");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new(kind == "server" ? "1.3.6.1.5.5.7.3.1" : "1.3.6.1.5.5.7.3.2")], critical: false));
        if (kind == "stranger")
        {
            return request.CreateSelfSigned(Now.AddMinutes(-5), Now.AddHours(1));
        }

        var serial = RandomNumberGenerator.GetBytes(8);
        using var issued = request.Create(_authority, Now.AddMinutes(-5), Now.AddHours(1), serial);
        return issued.CopyWithPrivateKey(key);
    }
}
