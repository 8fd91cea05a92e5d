using VllmSecure.EndToEndTests.Acme;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Simulator;

namespace VllmSecure.EndToEndTests.Clients;

/// <summary>Node's fetch gives up a silent request. A prefill that is longer than its patience survives by the proxy's comments.</summary>
public sealed class NodePrefillTests
{
    private static readonly string NodeFolder = Path.Combine(Repository.Root, "tests", "VllmSecure.EndToEndTests", "Clients", "Node");

    [Theory]
    [InlineData(1, "answered: ")]
    [InlineData(0, "failed: APIConnection")] // Without the comments: shows that the limits of the client are in force.
    public async Task Stream_PrefillLongerThanNodesPatience_SurvivesByComments(int keepAliveSeconds, string expected)
    {
        var node = Programs.Find("node");
        Assert.SkipUnless(Directory.Exists(Path.Combine(NodeFolder, "node_modules")), "node_modules is missing: run npm ci in tests/VllmSecure.EndToEndTests/Clients/Node.");

        // undici looks at its limits about once a second, so 3 s may become 5.
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model], TimeToFirstToken = TimeSpan.FromSeconds(8) });
        await using var proxy = await ProxyUnderTest.StartAsync(
            vllm.Address, [new("Inspection:KeepAliveSeconds", keepAliveSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture))]);

        var output = await ClientProgram.RunAsync(node, [Path.Combine(NodeFolder, "prefill.mjs")], new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["OPENAI_BASE_URL"] = new Uri(proxy.Addresses.Https, "v1").ToString(),
            ["OPENAI_API_KEY"] = ProxyUnderTest.Key,
            ["NODE_EXTRA_CA_CERTS"] = proxy.Addresses.CertificateAuthorityFile!,
            ["MODEL"] = ChatRequests.Model,
            ["HELLO"] = Prompts.Hello,
        });

        Assert.StartsWith(expected, output, StringComparison.Ordinal);
    }
}
