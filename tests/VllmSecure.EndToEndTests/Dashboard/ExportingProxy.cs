using System.ClientModel;
using System.ClientModel.Primitives;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using OpenAI;
using OpenAI.Chat;
using VllmSecure.Proxy;

namespace VllmSecure.EndToEndTests.Dashboard;

/// <summary>The whole proxy before a simulated vLLM, exporting by OTLP as the standard variables say.</summary>
internal sealed class ExportingProxy : IAsyncDisposable
{
    public const string Key = "canary7secret-key-0123456789-0123456789";

    private readonly DirectoryInfo _data;
    private readonly WebApplication _app;

    private ExportingProxy(WebApplication app, DirectoryInfo data) => (_app, _data) = (app, data);

    public static async Task<ExportingProxy> StartAsync(Uri upstream, Uri? collector)
    {
        var data = Directory.CreateTempSubdirectory("vllm-secure-dashboard-");
        var app = ProxyApp.Build(
        [
            "--environment=Development",
            $"--DataDirectory={data.FullName}",
            "--urls=https://127.0.0.1:0",
            "--Management:Port=0",
            $"--ApiKeys:alice:Key={Key}",
            $"--Upstreams:vllm:Address={upstream}",
            $"--OTEL_EXPORTER_OTLP_ENDPOINT={collector}",
            "--OTEL_METRIC_EXPORT_INTERVAL=500",
            "--OTEL_BSP_SCHEDULE_DELAY=100",
            "--OTEL_BLRP_SCHEDULE_DELAY=100",
            "--OTEL_SERVICE_NAME=vllm-secure",
            "--AccessLog:StandardOutput=false",
            "--Logging:LogLevel:VllmSecure=Trace",
        ], builder => builder.Logging.AddFilter<Microsoft.Extensions.Logging.Console.ConsoleLoggerProvider>(_ => false));
        await app.StartAsync();
        return new ExportingProxy(app, data);
    }

    /// <summary>Health, metrics and status.</summary>
    public Uri Management => ProxyApp.AddressesOf(_app).Management;

    /// <summary>OpenAI's own client, with the proxy's address and its local CA.</summary>
    public ChatClient CreateClient(string model, string key = Key)
    {
        var addresses = ProxyApp.AddressesOf(_app);
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(addresses.CertificateAuthorityFile!));
#pragma warning disable CA5399 // The chain policy trusts one CA whose certificates carry no revocation list.
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, SslOptions = { CertificateChainPolicy = policy } });
#pragma warning restore CA5399
        return new ChatClient(model, new ApiKeyCredential(key), new OpenAIClientOptions
        {
            Endpoint = new Uri(addresses.Https, "/v1"),
            Transport = new HttpClientPipelineTransport(http),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
        });
    }

    public async ValueTask DisposeAsync()
    {
        // A request's span ends a moment after its response: stopping waits for it, and then sends what is left.
        await _app.StopAsync();
        await _app.DisposeAsync();
        _data.Delete(recursive: true);
    }
}
