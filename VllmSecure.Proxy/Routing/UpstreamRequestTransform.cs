using System.Net.Http.Headers;
using VllmSecure.Proxy.Exchange;
using Yarp.ReverseProxy.Transforms;

namespace VllmSecure.Proxy.Routing;

/// <summary>Writes the headers of the request to vLLM: the allowed ones, our request id, the upstream's own key.</summary>
internal sealed class UpstreamRequestTransform(CurrentUpstreams upstreams) : RequestTransform
{
    public override ValueTask ApplyAsync(RequestTransformContext context)
    {
        var exchange = ProxyExchange.Of(context.HttpContext);
        foreach (var header in context.HttpContext.Request.Headers)
        {
            if (ForwardedHeaders.Request.Contains(header.Key) && ForwardedHeaders.IsText(header.Value))
            {
                AddHeader(context, header.Key, header.Value);
            }
        }

        var headers = context.ProxyRequest.Headers;
        // The server's own: a client's Host is never trusted upstream (CVE-2026-48746).
        headers.Host = context.HttpContext.GetReverseProxyFeature().ProxiedDestination?.Model.Config.Host;
        headers.Add("X-Request-Id", exchange.RequestId);
        if (upstreams.Find(exchange.Upstream)?.ApiKey is { Length: > 0 } key)
        {
            headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }
        return ValueTask.CompletedTask;
    }
}
