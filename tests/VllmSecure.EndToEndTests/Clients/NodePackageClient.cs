using System.Text.Json;
using VllmSecure.EndToEndTests.Acme;

namespace VllmSecure.EndToEndTests.Clients;

/// <summary>Runs Node/client.mjs, configured by the environment variables that the package's users set.</summary>
internal sealed class NodePackageClient(ServedModel served, string key, string model) : IApiClient
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "VllmSecure.EndToEndTests", "Clients", "Node");

    public async Task<string[]> ListModelsAsync() => Strings(await RunAsync("listModels"));

    public async Task<string> ChatAsync() => (await RunAsync("chat")).GetString()!;

    public async Task<string[]> StreamChatAsync() => Strings(await RunAsync("streamChat"));

    public async Task<ToolCall> CallToolAsync()
    {
        var call = await RunAsync("callTool");
        return new ToolCall(call.GetProperty("name").GetString()!, call.GetProperty("arguments").GetString()!);
    }

    public async Task<float[]> EmbedAsync() => [.. (await RunAsync("embed")).EnumerateArray().Select(number => number.GetSingle())];

    public async Task<string> RespondAsync() => (await RunAsync("respond")).GetString()!;

    public async Task<string[]> StreamResponseAsync() => Strings(await RunAsync("streamResponse"));

    public async Task<ClientError> FailAsync()
    {
        var error = await RunAsync("fail");
        return new ClientError(error.GetProperty("status").GetInt32(), error.GetProperty("name").GetString()!);
    }

    private static string[] Strings(JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetString()!)];

    private async Task<JsonElement> RunAsync(string operation)
    {
        var node = Programs.Find("node");
        Assert.SkipUnless(Directory.Exists(Path.Combine(Folder, "node_modules")), "node_modules is missing: run npm ci in tests/VllmSecure.EndToEndTests/Clients/Node.");
        var output = await ClientProgram.RunAsync(node, [Path.Combine(Folder, "client.mjs"), operation], new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["OPENAI_BASE_URL"] = served.Endpoint.ToString(),
            ["OPENAI_API_KEY"] = key,
            ["NODE_EXTRA_CA_CERTS"] = served.CertificateAuthorityFile,
            ["MODEL"] = model,
            ["HELLO"] = Prompts.Hello,
            ["WEATHER"] = Prompts.Weather,
            ["TOOL_NAME"] = Prompts.ToolName,
            ["TOOL_SCHEMA"] = Prompts.ToolSchema,
        });
        using var json = JsonDocument.Parse(output);
        return json.RootElement.Clone();
    }
}
