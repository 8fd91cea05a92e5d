namespace VllmSecure.IntegrationTests.Tls;

public sealed class CipherSuitesTests
{
    [Theory]
    [InlineData("ECDHE-ECDSA-AES128-GCM-SHA256")]
    [InlineData("ECDHE-ECDSA-AES256-GCM-SHA384")]
    [InlineData("ECDHE-ECDSA-CHACHA20-POLY1305")]
    public async Task Tls12_ForwardSecretAead_IsAccepted(string suite)
    {
        await using var server = await TlsServer.StartAsync();

        var output = await OpenSsl.ConnectAsync(server, "-tls1_2", "-cipher", suite);

        Assert.Contains($"New, TLSv1.2, Cipher is {suite}", output, StringComparison.Ordinal);
        Assert.Contains("HTTP/1.1 200", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ECDHE-ECDSA-AES128-SHA256")]
    [InlineData("ECDHE-ECDSA-AES256-SHA")]
    [InlineData("ECDHE-ECDSA-AES128-CCM")]
    public async Task Tls12_OtherSuites_AreRefused(string suite)
    {
        await using var server = await TlsServer.StartAsync();

        var output = await OpenSsl.ConnectAsync(server, "-tls1_2", "-cipher", suite + ":@SECLEVEL=0");

        Assert.Contains("alert handshake failure", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tls11_IsRefused()
    {
        await using var server = await TlsServer.StartAsync();

        var output = await OpenSsl.ConnectAsync(server, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0");

        Assert.Contains("alert", output, StringComparison.Ordinal);
        Assert.DoesNotContain("HTTP/1.1 200", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MinimumVersion13_Tls12Client_IsRefused()
    {
        await using var server = await TlsServer.StartAsync(["--Tls:MinimumVersion=1.3"]);

        Assert.Contains("alert protocol version", await OpenSsl.ConnectAsync(server, "-tls1_2"), StringComparison.Ordinal);
        Assert.Contains("HTTP/1.1 200", await OpenSsl.ConnectAsync(server, "-tls1_3"), StringComparison.Ordinal);
    }
}
