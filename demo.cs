#:sdk Microsoft.NET.Sdk
#:project VllmSecure.Proxy
#:project tests/VllmSecure.Simulator
#:property PublishAot=false

// `dotnet run demo.cs`: the real proxy before a simulated vLLM, in one process, over HTTPS with a local CA.
// With an upstream configured it serves that instead: Upstreams__vllm__Address=http://gpu-box:8000 dotnet run demo.cs

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Hosting;
using VllmSecure.Proxy;
using VllmSecure.Simulator;

Environment.SetEnvironmentVariable("ASPNETCORE_ENVIRONMENT", Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") ?? "Development");

var model = "Qwen/Qwen3-0.6B";
var key = $"demo-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24))}";
SimulatedVllm? vllm = null;

await using var app = ProxyApp.Build(args, builder =>
{
    // Four lines to read, not the host's: above the proxy's own defaults, so that configuration still has the last word.
    builder.Configuration.Sources.Insert(1, new MemoryConfigurationSource
    {
        InitialData = [new("Logging:LogLevel:Default", "Warning"), new("AccessLog:StandardOutput", "false")],
    });

    // Added last, so that the demo's key is there in any case, beside those that are configured.
    builder.Configuration.AddInMemoryCollection([new("ApiKeys:demo:Key", key)]);
    if (!builder.Configuration.GetSection("Upstreams").Exists())
    {
        vllm = SimulatedVllm.StartAsync(new SimulatorOptions
        {
            Models = [model],
            TimeToFirstToken = TimeSpan.FromMilliseconds(200),
            InterTokenLatency = TimeSpan.FromMilliseconds(40),
        }).GetAwaiter().GetResult();
        builder.Configuration.AddInMemoryCollection([new("Upstreams:simulator:Address", vllm.Address.ToString())]);
    }
});

try
{
    if (await ProxyApp.TryStartAsync(app) is { } failure)
    {
        Console.Error.WriteLine(failure);
        return 1;
    }

    var addresses = ProxyApp.AddressesOf(app);
    var endpoint = new Uri(addresses.Https, "v1");
    var trust = addresses.CertificateAuthorityFile is { } file ? $"--cacert '{file}' " : "";
    var asked = vllm is null ? await FirstModelAsync(endpoint, addresses.CertificateAuthorityFile, key) : model;
    // JSON's escapes keep a quote in a foreign model's name from ending the shell's.
    var body = $$"""{"model":"{{JsonEncodedText.Encode(asked)}}","stream":true,"messages":[{"role":"user","content":"Say hello."}]}""";
    Console.WriteLine($"Endpoint: {endpoint}");
    Console.WriteLine($"API key:  {key}");
    Console.WriteLine($"CA file:  {addresses.CertificateAuthorityFile ?? "none: the certificate is publicly trusted"}");
    Console.WriteLine($"Try it:   curl -N {trust}-H \"Authorization: Bearer {key}\" -H \"Content-Type: application/json\" {endpoint}/chat/completions -d '{body}'");
    await app.WaitForShutdownAsync();
    return 0;
}
finally
{
    if (vllm is not null)
    {
        await vllm.DisposeAsync();
    }
}

// What a configured upstream serves, asked as a client would; a word to replace where it does not answer yet.
static async Task<string> FirstModelAsync(Uri endpoint, string? authority, string key)
{
    using var handler = new SocketsHttpHandler { UseProxy = false };
    if (authority is not null)
    {
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(authority) },
        };
    }

    using var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(5), DefaultRequestHeaders = { Authorization = new("Bearer", key) } };
    try
    {
        using var models = JsonDocument.Parse(await client.GetStringAsync(new Uri($"{endpoint}/models")));
        return models.RootElement.GetProperty("data").EnumerateArray().Select(listed => listed.GetProperty("id").GetString()).FirstOrDefault() ?? "MODEL";
    }
    catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or JsonException)
    {
        return "MODEL";
    }
}
