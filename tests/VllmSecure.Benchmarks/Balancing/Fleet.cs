using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using VllmSecure.Proxy;
using VllmSecure.Simulator;

namespace VllmSecure.Benchmarks.Balancing;

/// <summary>Simulated servers with prefix caches, the real proxy before them, and a client over HTTPS.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private const string Model = "model";
    private const string Key = "benchmark-key-0123456789-0123456789";

    private readonly SimulatedVllm[] _servers;
    private readonly WebApplication _proxy;
    private readonly DirectoryInfo _data;
    private readonly HttpClient _client;

    private Fleet(SimulatedVllm[] servers, WebApplication proxy, DirectoryInfo data)
    {
        _servers = servers;
        _proxy = proxy;
        _data = data;
        var addresses = ProxyApp.AddressesOf(proxy);
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(addresses.CertificateAuthorityFile!));
#pragma warning disable CA5399 // The local authority publishes no revocations.
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false, SslOptions = { CertificateChainPolicy = trust } }) { BaseAddress = addresses.Https };
#pragma warning restore CA5399
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
    }

    /// <summary>Prompt tokens that the servers had in their caches, of all.</summary>
    public double CacheHitRate
    {
        get
        {
            var requests = _servers.SelectMany(server => server.Journal.Requests).Where(request => request.Method == "POST").ToArray();
            return requests.Sum(request => request.CachedPromptTokens) / Math.Max(1.0, requests.Sum(request => request.PromptTokens));
        }
    }

    public static async Task<Fleet> StartAsync(int count, string policy)
    {
        var servers = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => SimulatedVllm.StartAsync(new SimulatorOptions
        {
            Models = [Model],
            TimeToFirstToken = TimeSpan.FromMilliseconds(20),
            PrefillPerToken = TimeSpan.FromMilliseconds(0.3), // A small GPU: some 3,000 prompt tokens a second.
            InterTokenLatency = TimeSpan.FromMilliseconds(15),
            OutputTokens = 24,
            MaxRunningSequences = 8,
            PrefixCacheBlocks = 1_024, // 16,000 tokens.
            MaxModelLength = 1_000_000,
        })));
        var data = Directory.CreateTempSubdirectory("vllm-secure-benchmark-");
        string[] arguments =
        [
            "--environment=Development", $"--DataDirectory={data.FullName}", "--urls=https://127.0.0.1:0", "--Management:Port=0",
            $"--ApiKeys:benchmark:Key={Key}", "--AccessLog:StandardOutput=false", $"--Routing:Policy={policy}", "--Routing:Health:IntervalSeconds=1",
            .. servers.Select((server, i) => $"--Upstreams:s{i}:Address={server.Address}"),
        ];
        var proxy = ProxyApp.Build(arguments, builder => builder.Logging.ClearProviders());
        await proxy.StartAsync();
        return new Fleet(servers, proxy, data);
    }

    /// <summary>Lets the just-in-time compiler see every path; leaves nothing in the figures.</summary>
    public async Task WarmUpAsync()
    {
        await Task.WhenAll(Enumerable.Range(0, _servers.Length * 4).Select(i => AskAsync([("user", Words.Of(int.MinValue + i, 4))])));
        foreach (var server in _servers)
        {
            server.Journal.Clear();
        }
    }

    /// <summary>Sends a chat and reads its stream.</summary>
    public async Task<RequestSample> AskAsync(IEnumerable<(string Role, string Content)> messages)
    {
        var turns = string.Join(',', messages.Select(message => $$"""{"role":"{{message.Role}}","content":"{{JsonEncodedText.Encode(message.Content)}}"}"""));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent($$"""{"model":"{{Model}}","stream":true,"messages":[{{turns}}]}""", Encoding.UTF8, "application/json"),
        };
        var start = TimeProvider.System.GetTimestamp();
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var first = TimeSpan.Zero;
        var text = new StringBuilder();
        var tokens = 0;
        while (await reader.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith("data: {", StringComparison.Ordinal))
            {
                continue;
            }

            using var chunk = JsonDocument.Parse(line.AsMemory(6));
            if (chunk.RootElement.GetProperty("choices") is { } choices && choices.GetArrayLength() > 0
                && choices[0].GetProperty("delta").TryGetProperty("content", out var content) && content.GetString() is { Length: > 0 } piece)
            {
                first = tokens++ == 0 ? TimeProvider.System.GetElapsedTime(start) : first;
                text.Append(piece);
            }
        }

        return new RequestSample(first, tokens, text.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _proxy.DisposeAsync();
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        _data.Delete(recursive: true);
    }
}
