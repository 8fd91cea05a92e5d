using System.Net;
using System.Net.Http.Headers;

namespace VllmSecure.Proxy.Routing.Servers;

/// <summary>The proxy's own requests to a server, over the same connections and with the same key as those of clients.</summary>
internal sealed class ServerClient(CurrentUpstreams upstreams, TimeProvider clock)
{
    /// <summary>The body of an answer of status 2xx. Throws <see cref="HttpRequestException"/> or <see cref="OperationCanceledException"/>.</summary>
    /// <param name="server">Whom to ask.</param>
    /// <param name="path">The path, from the slash on.</param>
    /// <param name="maxBytes">More than this is no answer to the question.</param>
    /// <param name="patience">How long it may take.</param>
    /// <param name="cancellationToken">Gives up earlier.</param>
    /// <param name="body">JSON to post; null: a GET.</param>
    public async Task<byte[]> AskAsync(
        UpstreamServer server, string path, int maxBytes, TimeSpan patience, CancellationToken cancellationToken, byte[]? body = null)
    {
        using var timeout = new CancellationTokenSource(patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, server.Destination.Model.Config.Address.TrimEnd('/') + path)
        {
            Version = HttpVersion.Version11,
        };
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        }

        request.Headers.Host = server.Destination.Model.Config.Host;
        if (upstreams.Find(server.Upstream)?.ApiKey is { Length: > 0 } key)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        using var response = await server.Cluster.Model.HttpClient.SendAsync(request, either.Token);
        response.EnsureSuccessStatusCode();
        await response.Content.LoadIntoBufferAsync(maxBytes, either.Token);
        return await response.Content.ReadAsByteArrayAsync(either.Token);
    }
}
