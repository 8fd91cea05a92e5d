using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using VllmSecure.Proxy.Tls.Serving;

namespace VllmSecure.IntegrationTests.Tls;

public sealed class CertificateSwapTests
{
    private const int Streams = 1000;
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Swap_UnderAThousandOpenStreams_DropsNoneAndServesTheNewOneAtOnce()
    {
        var swapped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await TlsServer.StartAsync(handler: async context =>
        {
            await context.Response.WriteAsync("first ");
            await context.Response.Body.FlushAsync();
            await swapped.Task;
            await context.Response.WriteAsync("second");
        });
        using var client = CreateClient(server);
        var responses = await Task.WhenAll(Enumerable.Range(0, Streams).Select(_ => client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead))).WaitAsync(Guard);
        var bodies = responses.Select(response => response.Content.ReadAsStringAsync()).ToArray();
        var before = await ServedThumbprintAsync(server);

        var next = SelfSigned();
        server.Get<CertificateStore>().Replace([new ServerCertificate(next, [], "test")]);
        Assert.NotEqual(next.Thumbprint, before);
        Assert.Equal(next.Thumbprint, await ServedThumbprintAsync(server));

        swapped.SetResult();
        Assert.All(await Task.WhenAll(bodies).WaitAsync(Guard), body => Assert.Equal("first second", body));
    }

    private static HttpClient CreateClient(TlsServer server) => new(new SocketsHttpHandler
    {
        EnableMultipleHttp2Connections = true,
        SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
    })
    {
        BaseAddress = new UriBuilder("https", "localhost", server.Port).Uri,
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    private static async Task<string> ServedThumbprintAsync(TlsServer server)
    {
        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, server.Port);
        await using var tls = new SslStream(socket.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync("localhost").WaitAsync(Guard);
        return tls.RemoteCertificate!.GetCertHashString();
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        return new CertificateRequest("CN=next", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
    }
}
