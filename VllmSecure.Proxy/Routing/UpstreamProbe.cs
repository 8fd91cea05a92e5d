using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Routing.Servers;

namespace VllmSecure.Proxy.Routing;

/// <summary>Asks upstreams over YARP's own clients, so that TLS, sockets and keys are those of the requests.</summary>
internal sealed class UpstreamProbe(CurrentUpstreams upstreams, UpstreamServers servers, ServerClient client) : IUpstreamProbe
{
    /// <summary>Servers that are up answer such questions from memory.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>vLLM's OpenAPI document has some hundred kilobytes.</summary>
    private const int MaxBytes = 8 * 1024 * 1024;

    public IReadOnlyCollection<string> Upstreams => upstreams.Used.Upstreams.Keys;

    public async Task<byte[]?> GetAsync(string upstream, string path, CancellationToken cancellationToken)
    {
        if (servers.All.Find(server => string.Equals(server.Upstream, upstream, StringComparison.OrdinalIgnoreCase)) is not { } server)
        {
            return null;
        }

        try
        {
            return await client.AskAsync(server, path, MaxBytes, Patience, cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or UriFormatException or InvalidOperationException or NotSupportedException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }
}
