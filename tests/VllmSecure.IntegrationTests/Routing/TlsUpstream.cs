using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace VllmSecure.IntegrationTests.Routing;

/// <summary>A model server behind TLS or on a unix socket, with an authority of its own. It answers everything with its client's name.</summary>
internal sealed class TlsUpstream : IAsyncDisposable
{
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("vllm-secure-test-");
    private readonly X509Certificate2 _authority;
    private WebApplication? _app;

    private TlsUpstream()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=upstream authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        _authority = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        Certificate = Issue("localhost", _authority);
        AuthorityFile = Write("ca.pem", _authority.ExportCertificatePem());
        using var intermediate = Issue("intermediate", _authority, isAuthority: true);
        var client = Issue("proxy", intermediate);
        ClientCertificateFile = Write("client.pem", client.ExportCertificatePem() + "\n" + intermediate.ExportCertificatePem());
        ClientKeyFile = Write("client.key", client.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }

    public X509Certificate2 Certificate { get; }

    public string AuthorityFile { get; }

    public string ClientCertificateFile { get; }

    public string ClientKeyFile { get; }

    public string SocketPath => Path.Combine(_files.FullName, "vllm.sock");

    public Uri Address => new($"https://localhost:{new Uri(_app!.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port}");

    public static Task<TlsUpstream> StartAsync(ClientCertificateMode clients = ClientCertificateMode.NoCertificate)
    {
        var upstream = new TlsUpstream();
        return upstream.StartAsync(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = upstream.Certificate;
            https.ClientCertificateMode = clients;
            https.ClientCertificateValidation = (certificate, sent, _) => upstream.IsTrusted(certificate, sent!);
        })));
    }

    public static Task<TlsUpstream> StartOnSocketAsync()
    {
        var upstream = new TlsUpstream();
        return upstream.StartAsync(kestrel => kestrel.ListenUnixSocket(upstream.SocketPath));
    }

    public async ValueTask DisposeAsync()
    {
        await _app!.DisposeAsync();
        _files.Delete(recursive: true);
    }

    private async Task<TlsUpstream> StartAsync(Action<KestrelServerOptions> listen)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(listen);
        _app = builder.Build();
        _app.Run(context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync($$"""{"object":"list","data":[],"client":"{{context.Connection.ClientCertificate?.Subject}}"}""");
        });
        await _app.StartAsync();
        return this;
    }

    /// <summary>As a server that knows the authority alone: an intermediate must come with the client's certificate.</summary>
    private bool IsTrusted(X509Certificate2 certificate, X509Chain sent)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_authority);
        chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_files.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static X509Certificate2 Issue(string name, X509Certificate2 issuer, bool isAuthority = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, hasPathLengthConstraint: false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        using var issued = request.Create(issuer, now.AddHours(-1), now.AddHours(isAuthority ? 12 : 1), RandomNumberGenerator.GetBytes(8));
        using var withKey = issued.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), password: null, X509KeyStorageFlags.Exportable);
    }
}
