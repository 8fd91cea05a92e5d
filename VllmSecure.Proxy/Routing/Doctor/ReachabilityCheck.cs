using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Commands;
using VllmSecure.Proxy.Routing.Models;
using VllmSecure.Proxy.Routing.Servers;

namespace VllmSecure.Proxy.Routing.Doctor;

/// <summary>Whether each vLLM answers from here, as the proxy will ask it: over its TLS, with its key, and with a model to serve.</summary>
internal sealed class ReachabilityCheck(
    IOptions<UpstreamsOptions> options, UpstreamServers servers, ServerClient client, UpstreamModelsReader models) : IDoctorCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Answers to <c>/health</c> and <c>/version</c> are empty or small.</summary>
    private const int MaxBytes = 64 * 1024;

    public string Name => "vLLM";

    public async IAsyncEnumerable<DoctorFinding> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var all = servers.All;
        foreach (var (name, upstream) in options.Value.Upstreams)
        {
            var found = all.FindAll(server => string.Equals(server.Upstream, name, StringComparison.OrdinalIgnoreCase));
            if (found.Count == 0)
            {
                yield return DoctorFinding.Failed($"{name} ({upstream.Address}) has no server behind its name.", $"correct Upstreams:{name}:Address.");
            }

            foreach (var server in found)
            {
                yield return await AskAsync(server, upstream.Address!, cancellationToken);
            }
        }

        if (options.Value.Upstreams.Count == 0)
        {
            yield return DoctorFinding.Warning("no upstream is configured.", "set Upstreams:<name>:Address.");
        }
    }

    private async Task<DoctorFinding> AskAsync(UpstreamServer server, string address, CancellationToken cancellationToken)
    {
        var subject = $"{server.Name} ({address})";
        try
        {
            await client.AskAsync(server, "/health", MaxBytes, Patience, cancellationToken);
            var listed = await models.ReadAsync(server, UpstreamModelsReader.Patience, cancellationToken);
            return listed.Count == 0
                ? DoctorFinding.Failed($"{subject} lists no model.", "wait until it has loaded its model, or read why not in its log.")
                : DoctorFinding.Ok($"{subject} serves {string.Join(", ", listed.Select(model => model.Id))} with {await VersionAsync(server, cancellationToken)}.");
        }
        catch (HttpRequestException refused) when (refused.StatusCode is { } status)
        {
            return DoctorFinding.Failed($"{subject} answers {(int)status}.", FixOf(status, server.Upstream));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return DoctorFinding.Failed($"{subject} does not answer within {Patience.TotalSeconds:0} s.", FixOf(null, server.Upstream));
        }
        catch (JsonException)
        {
            return DoctorFinding.Failed($"{subject} is no vLLM: its /v1/models is not a list of models.", FixOf(null, server.Upstream));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return DoctorFinding.Failed($"{subject} cannot be reached: {exception.GetBaseException().Message.TrimEnd('.')}.", FixOf(null, server.Upstream));
        }
    }

    private static string FixOf(HttpStatusCode? status, string upstream) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => $"set Upstreams:{upstream}:ApiKey to the key that it was started with.",
        HttpStatusCode.ServiceUnavailable => "wait until it has loaded its model; if it had, its engine is dead: restart it.",
        not null => "look into its log.",
        null => $"start it, or correct Upstreams:{upstream}:Address.",
    };

    /// <summary>Only to be told: a server that hides it serves all the same.</summary>
    private async Task<string> VersionAsync(UpstreamServer server, CancellationToken cancellationToken)
    {
        try
        {
            using var version = JsonDocument.Parse(await client.AskAsync(server, "/version", MaxBytes, Patience, cancellationToken));
            return $"vLLM {version.RootElement.GetProperty("version"u8).GetString()}";
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException or InvalidOperationException or KeyNotFoundException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return "a vLLM of unknown version";
        }
    }
}
