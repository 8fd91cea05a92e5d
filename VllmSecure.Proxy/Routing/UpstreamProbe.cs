using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Exchange;
using Yarp.ReverseProxy;

namespace VllmSecure.Proxy.Routing;

/// <summary>Asks upstreams over YARP's own clients, so that TLS, sockets and keys are those of the requests.</summary>
internal sealed class UpstreamProbe(IProxyStateLookup proxy, IOptionsMonitor<UpstreamsOptions> options, TimeProvider clock) : IUpstreamProbe
{
    /// <summary>Servers that are up answer such questions from memory.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>vLLM's OpenAPI document has some hundred kilobytes.</summary>
    private const int MaxBytes = 8 * 1024 * 1024;

    public IReadOnlyCollection<string> Upstreams => options.CurrentValue.Upstreams.Keys;

    public async Task<byte[]?> GetAsync(string upstream, string path, CancellationToken cancellationToken)
    {
        if (!proxy.TryGetCluster(upstream, out var cluster) || cluster.DestinationsState.AllDestinations is not [var destination, ..])
        {
            return null;
        }

        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var address = new Uri(destination.Model.Config.Address.TrimEnd('/') + path);
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Version = HttpVersion.Version11 };
        if (options.CurrentValue.Upstreams.GetValueOrDefault(upstream)?.ApiKey is { Length: > 0 } key)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        try
        {
            using var response = await cluster.Model.HttpClient.SendAsync(request, either.Token);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return null;
            }

            await response.Content.LoadIntoBufferAsync(MaxBytes, either.Token);
            return await response.Content.ReadAsByteArrayAsync(either.Token);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or UriFormatException or InvalidOperationException or NotSupportedException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }
}
