using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Proxy.Routing.Connections;

namespace VllmSecure.IntegrationTests.Routing;

/// <summary>How the proxy reaches servers that are not behind plain HTTP on its own network.</summary>
public sealed class UpstreamTlsTests
{
    [Fact]
    public async Task Https_OfTheConfiguredAuthority_IsReached()
    {
        await using var upstream = await TlsUpstream.StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(upstream.Address, ("CertificateAuthority", upstream.AuthorityFile))).Status);
    }

    [Fact]
    public async Task Https_OfAnUnknownAuthority_IsNotReached()
    {
        await using var upstream = await TlsUpstream.StartAsync();
        await using var other = await TlsUpstream.StartAsync();

        Assert.Equal(HttpStatusCode.BadGateway, (await SendAsync(upstream.Address)).Status);
        Assert.Equal(HttpStatusCode.BadGateway, (await SendAsync(upstream.Address, ("CertificateAuthority", other.AuthorityFile))).Status);
    }

    [Fact]
    public async Task Https_UnderAnotherName_IsNotReached()
    {
        await using var upstream = await TlsUpstream.StartAsync();
        var address = new UriBuilder(upstream.Address) { Host = "127.0.0.1" }.Uri;

        Assert.Equal(HttpStatusCode.BadGateway, (await SendAsync(address, ("CertificateAuthority", upstream.AuthorityFile))).Status);
    }

    [Fact]
    public async Task Https_WithThePinnedKey_IsReachedWhateverItsAuthority()
    {
        await using var upstream = await TlsUpstream.StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(upstream.Address, ("PinnedKey", UpstreamTls.PinOf(upstream.Certificate)))).Status);
    }

    [Fact]
    public async Task Https_WithAnotherKeyThanPinned_IsNotReached()
    {
        await using var upstream = await TlsUpstream.StartAsync();
        var pin = "sha256/" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

        Assert.Equal(HttpStatusCode.BadGateway, (await SendAsync(upstream.Address, ("PinnedKey", pin), ("CertificateAuthority", upstream.AuthorityFile))).Status);
    }

    [Fact]
    public async Task Https_ThatAsksForACertificate_GetsTheConfiguredOne()
    {
        await using var upstream = await TlsUpstream.StartAsync(ClientCertificateMode.RequireCertificate);

        var answer = await SendAsync(
            upstream.Address, ("CertificateAuthority", upstream.AuthorityFile),
            ("ClientCertificate", upstream.ClientCertificateFile), ("ClientCertificateKey", upstream.ClientKeyFile));

        Assert.Contains("\"client\":\"CN=proxy\"", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnixSocket_AsAddress_IsReached()
    {
        await using var upstream = await TlsUpstream.StartOnSocketAsync();

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(null, ("Address", "unix:" + upstream.SocketPath))).Status);
    }

    private static async Task<(HttpStatusCode Status, string Body)> SendAsync(Uri? address, params (string Key, string Value)[] settings)
    {
        var configuration = settings.Select(setting => KeyValuePair.Create<string, string?>("Upstreams:vllm:" + setting.Key, setting.Value));
        await using var proxy = await ProxyUnderTest.StartAsync(address, configuration);
        using var response = await proxy.Client.SendAsync(ChatRequests.Chat());
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
