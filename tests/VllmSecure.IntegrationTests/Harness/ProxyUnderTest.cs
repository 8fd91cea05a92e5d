using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using VllmSecure.Proxy;

namespace VllmSecure.IntegrationTests.Harness;

/// <summary>The real proxy on real sockets of loopback, with a data directory and a local CA of its own.</summary>
internal sealed class ProxyUnderTest : IAsyncDisposable
{
    public const string Key = "test-key-0123456789-0123456789-0123456789";

    private readonly DirectoryInfo _data;
    private readonly WebApplication _app;
    private readonly X509Certificate2Collection _authorities;

    private ProxyUnderTest(WebApplication app, DirectoryInfo data)
    {
        _app = app;
        _data = data;
        Addresses = ProxyApp.AddressesOf(app);
        _authorities = [X509CertificateLoader.LoadCertificateFromFile(Addresses.CertificateAuthorityFile!)];
        Client = CreateClient();
    }

    public ProxyAddresses Addresses { get; }

    public IServiceProvider Services => _app.Services;

    public string DataDirectory => _data.FullName;

    /// <summary>Speaks HTTP/1.1 with the test's key, and trusts the local CA only.</summary>
    public HttpClient Client { get; }

    /// <summary>Starts a proxy in Development before the given upstream.</summary>
    /// <param name="upstream">The upstream's address; null: none is configured.</param>
    /// <param name="settings">Further configuration; a null value takes a default away.</param>
    /// <param name="configure">Changes the builder, for fakes.</param>
    public static async Task<ProxyUnderTest> StartAsync(
        Uri? upstream = null, IEnumerable<KeyValuePair<string, string?>>? settings = null, Action<WebApplicationBuilder>? configure = null)
    {
        var data = Directory.CreateTempSubdirectory("vllm-secure-test-");
        var configuration = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["environment"] = "Development",
            ["DataDirectory"] = data.FullName,
            ["urls"] = "https://127.0.0.1:0;http://127.0.0.1:0",
            ["Management:Port"] = "0",
            ["ApiKeys:test:Key"] = Key,
            ["Upstreams:vllm:Address"] = upstream?.ToString(),
            ["Logging:LogLevel:Default"] = "Warning",
            ["Advisories:CheckUpstreams"] = "false", // The journals of the tests hold what clients sent, and nothing else.
            ["AccessLog:StandardOutput"] = "false",
            ["Routing:Health:IntervalSeconds"] = "0", // So that journals hold what the test sent.
        };
        foreach (var (key, value) in settings ?? [])
        {
            configuration[key] = value;
        }

        var arguments = configuration.Where(pair => pair.Value is not null).Select(pair => $"--{pair.Key}={pair.Value}");
        var app = ProxyApp.Build([.. arguments], builder =>
        {
            builder.Logging.ClearProviders();
            configure?.Invoke(builder);
        });
        try
        {
            await app.StartAsync();
            return new ProxyUnderTest(app, data);
        }
        catch
        {
            await app.DisposeAsync();
            data.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>A client of its own connections.</summary>
    public HttpClient CreateClient(string? key = Key, Version? version = null, bool redirects = false)
    {
#pragma warning disable CA5399 // The chain policy trusts one CA whose certificates carry no revocation list.
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = redirects, UseProxy = false, SslOptions = { CertificateChainPolicy = TrustPolicy() } })
#pragma warning restore CA5399
        {
            BaseAddress = Addresses.Https,
            DefaultRequestVersion = version ?? System.Net.HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = TimeSpan.FromSeconds(60),
        };
        if (key is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        return client;
    }

    public X509ChainPolicy TrustPolicy()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(_authorities);
        return policy;
    }

    /// <summary>Shuts down as on SIGTERM: drains, then stops.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        _data.Delete(recursive: true);
    }
}
