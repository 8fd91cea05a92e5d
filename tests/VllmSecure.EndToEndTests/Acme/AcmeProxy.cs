using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using VllmSecure.Proxy;
using VllmSecure.Proxy.Tls.Serving;
using VllmSecure.Simulator;

namespace VllmSecure.EndToEndTests.Acme;

/// <summary>The whole proxy with <c>Tls:Source=Acme</c> before a simulated vLLM, on the ports that Pebble validates.</summary>
internal sealed class AcmeProxy : IAsyncDisposable
{
    private const string Key = "test-key-0123456789-0123456789-0123456789";
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(90);

    private readonly SimulatedVllm _upstream;
    private readonly WebApplication _app;
    private readonly int _port;
    private readonly FakeLogCollector _log;

    private AcmeProxy(SimulatedVllm upstream, WebApplication app, int port, FakeLogCollector log) =>
        (_upstream, _app, _port, _log) = (upstream, app, port, log);

    public IServiceProvider Services => _app.Services;

    /// <summary>The address of the management listener.</summary>
    public Uri Management => ProxyApp.AddressesOf(_app).Management;

    /// <summary>Arguments for a command that is to see the same configuration: keys that start with a capital.</summary>
    public string[] Arguments { get; private init; } = [];

    public string Log => string.Join('\n', _log.GetSnapshot().Select(record => record.Message));

    /// <summary>Starts it; the first order is under way when this returns.</summary>
    public static async Task<AcmeProxy> StartAsync(
        Pebble pebble, string dataDirectory, string[] domains, IEnumerable<KeyValuePair<string, string>>? settings = null, Action<IServiceCollection>? configure = null)
    {
        var upstream = await SimulatedVllm.StartAsync();
        var configuration = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["environment"] = "Production",
            ["DataDirectory"] = dataDirectory,
            ["urls"] = string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{pebble.TlsPort};http://127.0.0.1:{pebble.HttpPort}"),
            ["Management:Port"] = "0",
            ["ApiKeys:test:Key"] = Key,
            ["Upstreams:vllm:Address"] = upstream.Address.ToString(),
            ["Tls:Source"] = "Acme",
            ["Tls:Acme:AcceptTermsOfService"] = "true",
            ["Tls:Acme:Directories:0"] = pebble.Directory.ToString(),
            ["Tls:Acme:DirectoryRoot"] = pebble.RootFile,
        };
        foreach (var (domain, index) in domains.Select((domain, index) => (domain, index)))
        {
            configuration[string.Create(CultureInfo.InvariantCulture, $"Tls:Acme:Domains:{index}")] = domain;
        }

        foreach (var (key, value) in settings ?? [])
        {
            configuration[key] = value;
        }

        string[] arguments = [.. configuration.Select(pair => $"--{pair.Key}={pair.Value}")];
        var app = ProxyApp.Build(arguments, builder =>
        {
            builder.Logging.ClearProviders().AddFakeLogging();
            configure?.Invoke(builder.Services);
        });
        var log = app.Services.GetFakeLogCollector();
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            await upstream.DisposeAsync();
            throw;
        }

        return new AcmeProxy(upstream, app, pebble.TlsPort, log) { Arguments = [.. arguments.Where(argument => char.IsUpper(argument[2]))] };
    }

    /// <summary>Waits until a certificate of the CA is served, and not the self-signed placeholder or <paramref name="former"/>.</summary>
    public async Task<X509Certificate2> IssuedAsync(string? former = null, Action? onLook = null)
    {
        using var deadline = new CancellationTokenSource(Guard);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (Served.Subject == Served.Issuer || Served.Thumbprint == former)
        {
            onLook?.Invoke();
            try
            {
                await timer.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail("No certificate came: " + Log);
            }
        }

        return Served;
    }

    /// <summary>Waits for a line of the log.</summary>
    public async Task LoggedAsync(string text, Action? onLook = null)
    {
        using var deadline = new CancellationTokenSource(Guard);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!Log.Contains(text, StringComparison.Ordinal))
        {
            onLook?.Invoke();
            Assert.True(await timer.WaitForNextTickAsync(deadline.Token));
        }
    }

    /// <summary>The default certificate of this moment.</summary>
    public X509Certificate2 Served => Services.GetRequiredService<CertificateStore>().Certificates[0].Certificate.Leaf;

    /// <summary>The certificate that a new connection for a name gets.</summary>
    public async Task<X509Certificate2> HandshakeAsync(string host)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync("127.0.0.1", _port).WaitAsync(Guard);
#pragma warning disable CA5359 // Which certificate it is, is what the test asks.
        await using var tls = new SslStream(tcp.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true);
#pragma warning restore CA5359
        await tls.AuthenticateAsClientAsync(host).WaitAsync(Guard);
        return new X509Certificate2(tls.RemoteCertificate!);
    }

    /// <summary>Streams a chat completion, trusting only the given root, and returns the body.</summary>
    public async Task<string> StreamAsync(string host, X509Certificate2 root)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false, SslOptions = { CertificateChainPolicy = Trust(root) } };
        handler.ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync("127.0.0.1", _port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        };
#pragma warning disable CA5400, CA5399 // The chain policy above trusts one CA, which has no revocation lists.
        using var client = new HttpClient(handler) { BaseAddress = new UriBuilder("https", host, _port).Uri, Timeout = Guard };
#pragma warning restore CA5400, CA5399
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        using var body = new StringContent(
            $$"""{"model":"{{_upstream.Options.Models[0]}}","stream":true,"max_tokens":5,"messages":[{"role":"user","content":"Hello"}]}""", Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), body);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await response.Content.ReadAsStringAsync();
    }

    public async ValueTask DisposeAsync()
    {
        TestContext.Current.TestOutputHelper?.WriteLine(Log);
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    private static X509ChainPolicy Trust(X509Certificate2 root)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(root);
        return policy;
    }
}
