using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using VllmSecure.Proxy.Tls.Development;

namespace VllmSecure.EndToEndTests.Acme;

/// <summary>Let's Encrypt's test CA with its DNS server, on loopback; every name resolves to 127.0.0.1.</summary>
internal sealed class Pebble : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _files = System.IO.Directory.CreateTempSubdirectory("pebble-");
    private readonly ConcurrentQueue<string> _log = new();
    private readonly List<Process> _processes = [];
    private readonly int[] _ports = FreePorts.Take(6);

    private Pebble(Pebble? validatesAs)
    {
        if (validatesAs is not null)
        {
            (_ports[2], _ports[3]) = (validatesAs.HttpPort, validatesAs.TlsPort);
        }

        RootFile = Path.Combine(_files.FullName, "root.pem");
        Http = CreateClient();
    }

    public Uri Directory => Local("https", _ports[0], "/dir");

    /// <summary>Where the proxy must answer HTTP-01.</summary>
    public int HttpPort => _ports[2];

    /// <summary>Where the proxy must answer TLS-ALPN-01.</summary>
    public int TlsPort => _ports[3];

    /// <summary>The root of Pebble's own HTTPS certificate.</summary>
    public string RootFile { get; }

    public Uri DnsManagement => Local("http", _ports[5], "/");

    /// <summary>Whether it is new enough for ARI and profiles.</summary>
    public bool IsModern { get; private set; }

    public string Log => string.Join('\n', _log);

    private HttpClient Http { get; }

    /// <summary>Starts a CA.</summary>
    /// <param name="nonceRejectPercent">How many good nonces it refuses.</param>
    /// <param name="externalAccountKey">The shared key that accounts must be bound by; null: none need be.</param>
    /// <param name="reusesAuthorizations">Whether a proof of before counts.</param>
    /// <param name="validatesAs">Another CA, for a proxy that is to prove itself to both on the same ports.</param>
    public static async Task<Pebble> StartAsync(
        int nonceRejectPercent = 20, string? externalAccountKey = null, bool reusesAuthorizations = false, Pebble? validatesAs = null)
    {
        var pebble = new Pebble(validatesAs);
        try
        {
            await pebble.LaunchAsync(nonceRejectPercent, externalAccountKey, reusesAuthorizations);
            return pebble;
        }
        catch
        {
            await pebble.DisposeAsync();
            throw;
        }
    }

    /// <summary>The root of the certificates it issues: made anew at each start.</summary>
    public async Task<X509Certificate2> IssuingRootAsync() =>
        X509Certificate2.CreateFromPem(await Http.GetStringAsync(Local("https", _ports[1], "/roots/0")));

    /// <summary>Sets the window that ARI suggests for a certificate.</summary>
    public async Task SetRenewalWindowAsync(string certificatePem, DateTimeOffset start, DateTimeOffset end)
    {
        var response = FormattableString.Invariant($$$"""{"suggestedWindow":{"start":"{{{start:yyyy-MM-ddTHH:mm:ssZ}}}","end":"{{{end:yyyy-MM-ddTHH:mm:ssZ}}}"}}""");
        using var content = new StringContent(
            $$$"""{"Certificate":{{{Quote(certificatePem)}}},"ARIResponse":{{{Quote(response)}}} }""", Encoding.UTF8, "application/json");
        using var answer = await Http.PostAsync(Local("https", _ports[1], "/set-renewal-info/"), content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Where the names lead that it validates: 127.0.0.1 at first.</summary>
    public async Task SetAddressAsync(string address)
    {
        using var content = new StringContent($$"""{"ip":"{{address}}"}""", Encoding.UTF8, "application/json");
        using var answer = await Http.PostAsync(new Uri(DnsManagement, "set-default-ipv4"), content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>What a certificate's state is at the CA: <c>Valid</c> or <c>Revoked</c>.</summary>
    public async Task<string> StatusAsync(X509Certificate2 certificate) =>
        await Http.GetStringAsync(Local("https", _ports[1], $"/cert-status-by-serial/{certificate.SerialNumber.ToLowerInvariant().TrimStart('0')}"));

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        Http.Dispose();
        _files.Delete(recursive: true);
    }

    private async Task LaunchAsync(int nonceRejectPercent, string? externalAccountKey, bool reusesAuthorizations)
    {
        var program = Programs.Find("pebble");
        var dnsProgram = Programs.Find("pebble-challtestsrv");
        IsModern = (await Programs.RunAsync(program, "-version")).ExitCode == 0;
        WriteCertificates();
        await File.WriteAllTextAsync(Path.Combine(_files.FullName, "config.json"), Configuration(externalAccountKey));
        var dns = FormattableString.Invariant($"127.0.0.1:{_ports[4]}");
        _processes.Add(Programs.Start(
            dnsProgram,
            ["-defaultIPv4", "127.0.0.1", "-defaultIPv6", "", IsModern ? "-dnsserver" : "-dns01", dns, "-http01", "", "-https01", "", "-tlsalpn01", "",
             .. IsModern ? (string[])["-doh", ""] : [], "-management", FormattableString.Invariant($"127.0.0.1:{_ports[5]}")],
            _log.Enqueue));
        _processes.Add(Programs.Start(
            program,
            ["-config", Path.Combine(_files.FullName, "config.json"), "-strict", "-dnsserver", dns],
            _log.Enqueue,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["PEBBLE_VA_NOSLEEP"] = "1",
                ["PEBBLE_WFE_NONCEREJECT"] = nonceRejectPercent.ToString(CultureInfo.InvariantCulture),
                ["PEBBLE_AUTHZREUSE"] = reusesAuthorizations ? "100" : "0",
                ["PEBBLE_CHAIN_LENGTH"] = "2",
            }));
        await UntilAnsweringAsync(Directory);
        await UntilAnsweringAsync(DnsManagement);
    }

    /// <summary>A foreign process gives no signal that its socket is open, so it is asked until it answers.</summary>
    private async Task UntilAnsweringAsync(Uri url)
    {
        using var deadline = new CancellationTokenSource(StartTimeout);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            try
            {
                using var response = await Http.GetAsync(url, deadline.Token);
                return;
            }
            catch (HttpRequestException) when (!_processes.Exists(process => process.HasExited))
            {
                await timer.WaitForNextTickAsync(deadline.Token);
            }
            catch (HttpRequestException exception)
            {
                throw new InvalidOperationException($"Pebble did not start: {Log}", exception);
            }
        }
    }

    private string Configuration(string? externalAccountKey) => FormattableString.Invariant($$$"""
        {"pebble":{
          "listenAddress":"127.0.0.1:{{{_ports[0]}}}","managementListenAddress":"127.0.0.1:{{{_ports[1]}}}",
          "certificate":"{{{_files.FullName}}}/leaf.pem","privateKey":"{{{_files.FullName}}}/leaf.key",
          "httpPort":{{{HttpPort}}},"tlsPort":{{{TlsPort}}},"ocspResponderURL":"",
          "externalAccountBindingRequired":{{{(externalAccountKey is null ? "false" : "true")}}},
          "externalAccountMACKeys":{"kid-1":"{{{externalAccountKey ?? "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0"}}}"},
          "domainBlocklist":["blocked.example"],
          "certificateValidityPeriod":7776000,
          "profiles":{
            "default":{"description":"ninety days","validityPeriod":7776000},
            "shortlived":{"description":"six days","validityPeriod":518400} } } }
        """);

    /// <summary>Pebble ships no certificate for its own HTTPS.</summary>
    private void WriteCertificates()
    {
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var leafKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var root = DevelopmentCertificates.CreateAuthority(rootKey, "pebble", now, now.AddDays(2));
        using var leaf = DevelopmentCertificates.CreateServer(root, leafKey, ["localhost", "127.0.0.1"], now, now.AddDays(1));
        File.WriteAllText(RootFile, root.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_files.FullName, "leaf.pem"), leaf.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_files.FullName, "leaf.key"), leafKey.ExportPkcs8PrivateKeyPem());
    }

    private static string Quote(string text) => $"\"{System.Text.Json.JsonEncodedText.Encode(text)}\"";

    private static Uri Local(string scheme, int port, string path) => new UriBuilder(scheme, "127.0.0.1", port, path).Uri;

#pragma warning disable CA5400, CA5399 // Its certificate was made a second ago by this class.
    private static HttpClient CreateClient() =>
        new(new SocketsHttpHandler { UseProxy = false, SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } })
        {
            DefaultRequestHeaders = { { "User-Agent", "tests" } },
        };
#pragma warning restore CA5400, CA5399
}
