using System.Globalization;
using VllmSecure.EndToEndTests.Acme;

namespace VllmSecure.EndToEndTests.Attacks.Handshakes;

/// <summary>What OpenSSL's client can be made to ask for and must not get.</summary>
public sealed class DowngradeTests(SimulatorTarget target) : IClassFixture<SimulatorTarget>
{
    [Theory]
    [InlineData("-tls1")]
    [InlineData("-tls1_1")]
    public async Task OldVersion_Asked_IsRefused(string version)
    {
        var output = await ConnectAsync($"{version} -cipher DEFAULT@SECLEVEL=0");

        Assert.Contains("no peer certificate available", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FallBack_ToTls12_IsRefused()
    {
        var output = await ConnectAsync("-tls1_2 -fallback_scsv");

        Assert.Contains("inappropriate fallback", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Renegotiation_ByTheClient_IsRefused()
    {
        var output = await ConnectAsync("-tls1_2", "R\\n");

        Assert.Matches(@"RENEGOTIATING\s+\S*error:", output);
    }

    [Fact]
    public async Task EarlyData_OfAResumedSession_IsNotTaken()
    {
        var folder = Directory.CreateTempSubdirectory("vllm-secure-early-");
        var session = Path.Combine(folder.FullName, "session");
        var request = Path.Combine(folder.FullName, "request");
        await File.WriteAllTextAsync(request, "GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n");

        // The ticket comes behind the handshake: with the answer to a request.
        var first = await ConnectAsync($"-tls1_3 -sess_out {session} -ign_eof", "GET / HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n");
        var second = await ConnectAsync($"-tls1_3 -sess_in {session} -early_data {request}");
        folder.Delete(recursive: true);

        Assert.Contains("Max Early Data: 0", first, StringComparison.Ordinal);
        Assert.Contains("Reused, TLSv1.3", second, StringComparison.Ordinal);
        Assert.Contains("Early data was not sent", second, StringComparison.Ordinal);
    }

    private async Task<string> ConnectAsync(string options, string input = "")
    {
        var openssl = Programs.FindInstalled("openssl");
        var (_, output) = await Programs.RunAsync("/bin/sh", "-c", string.Create(
            CultureInfo.InvariantCulture, $"printf '{input}' | {openssl} s_client -connect 127.0.0.1:{target.Proxy.Https.Port} {options} 2>&1"));
        return output;
    }
}
