using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace VllmSecure.EndToEndTests.Compose;

/// <summary>The published stack, running: one for all tests of a class, started by the first that gets it.</summary>
public sealed class PublishedServer : IAsyncLifetime
{
    private const string Project = "vllm-secure-test";
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(5);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vllm-secure-compose-");
    private X509Certificate2? _root;
    private Task? _started;

    /// <summary>The key that the secrets' script made.</summary>
    internal string Key => File.ReadAllText(Path.Combine(_folder.FullName, "secrets", "api-key"));

    internal X509Certificate2? Served { get; private set; }

    /// <summary>Starts the stack, once; skips the test where there is no Docker.</summary>
    internal async Task StartAsync()
    {
        await DockerHost.RequireAsync();
        await (_started ??= UpAsync());
    }

    /// <summary>Docker Compose in the stack's folder.</summary>
    internal async Task<string> ComposeAsync(params string[] arguments)
    {
        var (exitCode, output) = await TryComposeAsync(arguments);
        Assert.True(exitCode == 0, $"docker compose {string.Join(' ', arguments)}: {output}");
        return output.Trim();
    }

    internal Task<(int ExitCode, string Output)> TryComposeAsync(params string[] arguments) => DockerHost.TryComposeAsync(
        ["--project-directory", _folder.FullName, "-f", Path.Combine(_folder.FullName, "docker-compose.yaml"), "-f", Path.Combine(_folder.FullName, "pebble.yaml"), .. arguments]);

    /// <summary>A program in a service's container.</summary>
    internal Task<(int ExitCode, string Output)> TryExecAsync(string service, params string[] command) => TryComposeAsync(["exec", "-T", service, .. command]);

    /// <summary>The proxy's own program in its container.</summary>
    internal Task<(int ExitCode, string Output)> TryProxyAsync(params string[] arguments) => TryExecAsync("proxy", ["dotnet", "/app/VllmSecure.Proxy.dll", .. arguments]);

    /// <summary>A field of a service's container, as <c>docker inspect</c> formats it.</summary>
    internal async Task<string> InspectAsync(string service, string format) =>
        await DockerHost.RunAsync("inspect", "--format", format, await ComposeAsync("ps", "--all", "-q", service));

    /// <summary>A client that trusts the CA's root only and finds the domain at this machine's port 443.</summary>
    internal HttpClient CreateClient(string? key = null)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(_root!);
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = { CertificateChainPolicy = policy },
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync("127.0.0.1", 443, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
            PlaintextStreamFilter = (connection, _) =>
            {
                Served = connection.PlaintextStream is System.Net.Security.SslStream { RemoteCertificate: X509Certificate2 certificate } ? X509CertificateLoader.LoadCertificate(certificate.RawData) : null;
                return ValueTask.FromResult(connection.PlaintextStream);
            },
        };
#pragma warning disable CA5400, CA5399 // The chain policy above trusts one CA, which has no revocation lists.
        var client = new HttpClient(handler) { BaseAddress = new Uri($"https://{PublishedFiles.Domain}"), Timeout = TimeSpan.FromSeconds(60) };
#pragma warning restore CA5400, CA5399
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key ?? Key);
        return client;
    }

    /// <summary>Begins a streamed chat completion of 40 tokens, 100 ms apart; returns when its headers are there.</summary>
    internal static async Task<HttpResponseMessage> BeginStreamAsync(HttpClient client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions");
        request.Content = new StringContent(
            """{"model":"Qwen/Qwen3-0.6B","stream":true,"messages":[{"role":"user","content":"Hello"}]}""", Encoding.UTF8, "application/json");
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.True(response.IsSuccessStatusCode, response.IsSuccessStatusCode ? "" : await response.Content.ReadAsStringAsync());
        return response;
    }

    /// <summary>Waits until the proxy's own health check says ready.</summary>
    internal async Task UntilReadyAsync()
    {
        using var deadline = new CancellationTokenSource(StartTimeout);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (true)
        {
            var (exitCode, output) = await TryProxyAsync("healthcheck", "--ready");
            if (exitCode == 0)
            {
                return;
            }

            try
            {
                await timer.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"The stack does not become ready: {output}\n{(await TryComposeAsync("logs", "--no-color")).Output}");
            }
        }
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_started is not null)
        {
            await TryComposeAsync("down", "--volumes", "--timeout", "60");
        }

        Served?.Dispose();
        _root?.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task UpAsync()
    {
        await PublishedFiles.WriteAsync(_folder, Project);
        await ComposeAsync("up", "--detach", "--pull", "never");
        await UntilReadyAsync();
        var (_, pem) = await TryExecAsync("pebble", "curl", "-fsSk", "https://localhost:15000/roots/0");
        _root = X509Certificate2.CreateFromPem(pem);
    }
}
