namespace VllmSecure.IntegrationTests.Tls;

public sealed class HstsTests
{
    [Theory]
    [InlineData("Production", "api.example", "max-age=31536000")]
    [InlineData("Production", "localhost", null)]
    [InlineData("Development", "api.example", null)]
    public async Task Header_IsThereOnlyWhereItCannotHarm(string environment, string host, string? expected)
    {
        await using var given = await TlsServer.StartAsync();
        var development = Path.GetDirectoryName(given.AuthorityPath)!;
        await using var server = await TlsServer.StartAsync(
        [
            $"--environment={environment}",
            $"--Kestrel:Certificates:Default:Path={Path.Combine(development, "localhost.pem")}",
            $"--Kestrel:Certificates:Default:KeyPath={Path.Combine(development, "localhost.key")}",
        ]);

        Assert.Equal(expected, await HeaderAsync(server, host));
    }

    [Fact]
    public async Task Header_DevelopmentCertificate_IsNotSent()
    {
        await using var server = await TlsServer.StartAsync(["--environment=Production", "--Tls:Source=Development"]);

        Assert.Null(await HeaderAsync(server, "api.example"));
    }

    private static async Task<string?> HeaderAsync(TlsServer server, string host)
    {
        using var client = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } });
        using var request = new HttpRequestMessage(HttpMethod.Get, new UriBuilder("https", "127.0.0.1", server.Port).Uri) { Headers = { Host = host } };
        using var response = await client.SendAsync(request);
        return response.Headers.TryGetValues("Strict-Transport-Security", out var values) ? values.Single() : null;
    }
}
