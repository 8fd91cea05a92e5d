using System.Net;
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
        var failure = await TryAsync(() => CheckAsync(server, options.Generate, patience, stopping), stopping);
        if (failure is null && await TryAsync(() => ReadGaugesAsync(server, patience, stopping), stopping) is not null)
        {
            server.Gauges = null; // Old figures mislead.
        }

        // A server without figures has room, but not while it is out of sight: so this comes after they were read, and before they go.
        server.LastLook = new ServerLook(clock.GetTimestamp(), failure);
        server.Breaker.Look(failure is null);
        if (failure is not null)
        {
            server.Gauges = null;
        }
    }

    /// <summary>Reads the engine's figures only; those before stay where it does not answer.</summary>
    public Task LookAtGaugesAsync(UpstreamServer server, UpstreamHealthOptions options, CancellationToken stopping) =>
        TryAsync(() => ReadGaugesAsync(server, TimeSpan.FromSeconds(options.TimeoutSeconds), stopping), stopping);

    /// <summary>Why it failed, by whatever exception: one that got through would end the looks at every server.</summary>
    private static async Task<string?> TryAsync(Func<Task<string?>> look, CancellationToken stopping)
    {
        try
        {
            return await look();
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            return LookFailure.Describe(exception);
        }
    }

    private async Task<string?> CheckAsync(UpstreamServer server, bool generate, TimeSpan patience, CancellationToken stopping)
    {
        await client.AskAsync(server, "/health", MaxHealthBytes, patience, stopping);
        var listed = await models.ReadAsync(server, patience, stopping);
        if (listed.Count == 0)
        {
            return "it lists no model yet";
        }

        if (generate)
        {
            await GenerateAsync(server, listed[0].Id, patience, stopping);
        }

        return null;
    }

    /// <summary>Throws unless the engine makes a token for us or, where ours has to wait behind long answers, for others.</summary>
    private async Task GenerateAsync(UpstreamServer server, string model, TimeSpan patience, CancellationToken stopping)
    {
        await TryAsync(() => ReadGaugesAsync(server, patience, stopping), stopping);
        var before = server.Gauges?.GeneratedTokens;
        try
        {
            var body = System.Text.Encoding.UTF8.GetBytes($$"""{"model":"{{JsonEncodedText.Encode(model)}}","prompt":".","max_tokens":1}""");
            await client.AskAsync(server, "/v1/completions", MaxHealthBytes, patience, stopping, body);
        }
        catch (HttpRequestException exception) when (exception.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest or HttpStatusCode.NotImplemented)
        {
            // Its model writes no text (embeddings, rerank): /health has to do.
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested
            && exception is OperationCanceledException or HttpRequestException { StatusCode: HttpStatusCode.ServiceUnavailable })
        {
            await TryAsync(() => ReadGaugesAsync(server, patience, stopping), stopping);
            if (!(server.Gauges?.GeneratedTokens > before))
            {
                throw;
            }
        }
    }

    private async Task<string?> ReadGaugesAsync(UpstreamServer server, TimeSpan patience, CancellationToken stopping)
    {
        var own = server.Requests; // Before the question: what comes meanwhile counts as sent since.
        var text = await client.AskAsync(server, "/metrics", MaxMetricsBytes, patience, stopping);
        var gauges = EngineMetricsText.Parse(text, clock.GetTimestamp());
        server.Gauges = gauges is null ? null : gauges with { OwnRequests = own };
        return gauges is null ? "its /metrics are not vLLM's" : null;
    }
}
