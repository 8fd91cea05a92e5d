using System.Text.Json;
using VllmSecure.Proxy.Routing.Models;
using VllmSecure.Proxy.Routing.Servers;

namespace VllmSecure.Proxy.Routing.Health;

/// <summary>One look at one server: is it healthy, does it list a model, can it generate, and how busy is it.</summary>
internal sealed class ServerProbe(ServerClient client, UpstreamModelsReader models, TimeProvider clock)
{
    /// <summary>vLLM's metrics are some tens of kilobytes an engine.</summary>
    private const int MaxMetricsBytes = 4 * 1024 * 1024;

    /// <summary>Health answers are empty or small.</summary>
    private const int MaxHealthBytes = 64 * 1024;

    public async Task LookAsync(UpstreamServer server, UpstreamHealthOptions options, CancellationToken stopping)
    {
        var patience = TimeSpan.FromSeconds(options.TimeoutSeconds);
        var isHealthy = await SucceedsAsync(() => CheckAsync(server, options.Generate, patience, stopping), stopping);
        server.Breaker.Look(isHealthy);
        if (!isHealthy || !await SucceedsAsync(() => ReadGaugesAsync(server, patience, stopping), stopping))
        {
            server.Gauges = null; // Old figures mislead.
        }
    }

    /// <summary>Reads the engine's figures only; those before stay where it does not answer.</summary>
    public Task LookAtGaugesAsync(UpstreamServer server, UpstreamHealthOptions options, CancellationToken stopping) =>
        SucceedsAsync(() => ReadGaugesAsync(server, TimeSpan.FromSeconds(options.TimeoutSeconds), stopping), stopping);

    private static async Task<bool> SucceedsAsync(Func<Task<bool>> look, CancellationToken stopping)
    {
        try
        {
            return await look();
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or IOException
            || (exception is OperationCanceledException && !stopping.IsCancellationRequested))
        {
            return false;
        }
    }

    private async Task<bool> CheckAsync(UpstreamServer server, bool generate, TimeSpan patience, CancellationToken stopping)
    {
        await client.AskAsync(server, "/health", MaxHealthBytes, patience, stopping);
        var listed = await models.ReadAsync(server, stopping);
        if (listed.Count > 0 && generate)
        {
            var model = JsonEncodedText.Encode(listed[0].Id);
            var body = System.Text.Encoding.UTF8.GetBytes($$"""{"model":"{{model}}","prompt":".","max_tokens":1}""");
            await client.AskAsync(server, "/v1/completions", MaxHealthBytes, patience, stopping, body);
        }

        return listed.Count > 0;
    }

    private async Task<bool> ReadGaugesAsync(UpstreamServer server, TimeSpan patience, CancellationToken stopping)
    {
        var own = server.Requests; // Before the question: what comes meanwhile counts as sent since.
        var text = await client.AskAsync(server, "/metrics", MaxMetricsBytes, patience, stopping);
        var gauges = EngineMetricsText.Parse(text, clock.GetTimestamp());
        server.Gauges = gauges is null ? null : gauges with { OwnRequests = own };
        return gauges is not null;
    }
}
