using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using OpenAI;
using VllmSecure.EndToEndTests.Acme;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Simulator;

namespace VllmSecure.EndToEndTests.Clients;

/// <summary>Beyond a limit, clients wait as the answer says and try again, without a line of their users' code.</summary>
public sealed class BackOffTests
{
    private static readonly string NodeFolder = Path.Combine(Repository.Root, "tests", "VllmSecure.EndToEndTests", "Clients", "Node");

    [Fact]
    public Task DotnetPackage_LimitReached_WaitsAndSucceeds() => RunAsync(async proxy =>
    {
        // The package's own retry policy, as it is by default.
        var client = new OpenAIClient(new ApiKeyCredential(ProxyUnderTest.Key), new OpenAIClientOptions
        {
            Endpoint = new Uri(proxy.Addresses.Https, "v1"),
            Transport = new HttpClientPipelineTransport(proxy.CreateClient(key: null)),
        });
        var completion = await client.GetChatClient(ChatRequests.Model).CompleteChatAsync(Prompts.Hello);
        return completion.Value.Content[0].Text;
    });

    [Fact]
    public Task NodePackage_LimitReached_WaitsAndSucceeds()
    {
        var node = Programs.Find("node");
        Assert.SkipUnless(Directory.Exists(Path.Combine(NodeFolder, "node_modules")), "node_modules is missing: run npm ci in tests/VllmSecure.EndToEndTests/Clients/Node.");
        return RunAsync(proxy => ClientProgram.RunAsync(node, [Path.Combine(NodeFolder, "client.mjs"), "chat"], new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["OPENAI_BASE_URL"] = new Uri(proxy.Addresses.Https, "v1").ToString(),
            ["OPENAI_API_KEY"] = ProxyUnderTest.Key,
            ["NODE_EXTRA_CA_CERTS"] = proxy.Addresses.CertificateAuthorityFile!,
            ["MODEL"] = ChatRequests.Model,
            ["HELLO"] = Prompts.Hello,
            ["MAX_RETRIES"] = "2", // The package's default.
        }));
    }

    /// <summary>Lets a client ask while the key's only place is taken, and frees the place once it has been turned away.</summary>
    private static async Task RunAsync(Func<ProxyUnderTest, Task<string>> ask)
    {
        var signal = new ThrottleSignal();
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        await using var proxy = await ProxyUnderTest.StartAsync(
            vllm.Address,
            [new("ApiKeys:test:MaxConcurrent", "1")],
            builder => builder.Services.AddSingleton<IStartupFilter>(signal));
        vllm.Faults.Next(Fault.Stall(afterTokens: 2));
        using var stream = await OpenStream.StartAsync(proxy.Client);

        var answer = ask(proxy);
        await signal.Throttled.WaitAsync(TimeSpan.FromSeconds(60));
        await vllm.ReleaseUntilAsync(stream.ReadToEndAsync());

        Assert.NotEmpty(await answer.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal(2, vllm.Journal.Requests.Count);
    }
}
