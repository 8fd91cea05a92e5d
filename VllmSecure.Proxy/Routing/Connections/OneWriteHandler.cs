namespace VllmSecure.Proxy.Routing.Connections;

/// <summary>
/// Sends the headers of a request together with its body. YARP flushes them first, for duplex streams; bodies for vLLM are here
/// already, so that costs both ends a packet, a call into the kernel and a wake-up for nothing.
/// </summary>
internal sealed class OneWriteHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is { } content)
        {
            request.Content = new OneWriteContent(content);
        }

        return base.SendAsync(request, cancellationToken);
    }
}
