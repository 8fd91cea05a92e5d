using System.Net;

namespace VllmSecure.EndToEndTests.Acme;

/// <summary>A certificate from a real ACME server, and a stream over it, by every challenge.</summary>
public sealed class IssuanceTests : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("vllm-secure-");

    [Theory]
    [InlineData("http-01", "llm.example.com", 20)]
    [InlineData("http-01", "llm.example.com", 90)]
    [InlineData("tls-alpn-01", "llm.example.com", 20)]
    [InlineData("http-01", "127.0.0.1", 20)]
    [InlineData("tls-alpn-01", "127.0.0.1", 20)]
    public async Task Start_WithoutCertificate_GetsOneAndStreams(string challenge, string domain, int nonceRejects)
    {
        await using var pebble = await Pebble.StartAsync(nonceRejects);
        await using var proxy = await AcmeProxy.StartAsync(pebble, _data.FullName, [domain], [new("Tls:Acme:Challenges:0", challenge)]);

        var certificate = await proxy.IssuedAsync();

        using var root = await pebble.IssuingRootAsync();
        Assert.Contains("[DONE]", await proxy.StreamAsync(domain, root), StringComparison.Ordinal);
        Assert.True(certificate.MatchesHostname(domain) || IPAddress.TryParse(domain, out _));
    }

    public void Dispose() => _data.Delete(recursive: true);
}
