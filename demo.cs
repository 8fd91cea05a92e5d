#:sdk Microsoft.NET.Sdk
#:project VllmSecure.Proxy
#:project tests/VllmSecure.Simulator
#:property PublishAot=false

// `dotnet run demo.cs`: the real proxy before a simulated vLLM, in one process, over HTTPS with a local CA.
// With an upstream configured it serves that instead: Upstreams__vllm__Address=http://gpu-box:8000 dotnet run demo.cs

using System.Security.Cryptography;
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
    // Four lines to read, not the host's; configuration still has the last word on logging.
    builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = [new("Logging:LogLevel:Default", "Warning")] });

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
    var body = $$"""{"model":"{{model}}","stream":true,"messages":[{"role":"user","content":"Say hello."}]}""";
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
