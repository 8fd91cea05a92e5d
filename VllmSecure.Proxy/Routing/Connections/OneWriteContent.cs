using System.Net;

namespace VllmSecure.Proxy.Routing.Connections;

/// <summary>The content of a request without its flush before the first byte. YARP's own stays in charge of reading and of what fails.</summary>
internal sealed class OneWriteContent : HttpContent
{
    private readonly HttpContent _content;

    public OneWriteContent(HttpContent content)
    {
        _content = content;
        foreach (var header in content.Headers.NonValidated)
        {
            Headers.TryAddWithoutValidation(header.Key, header.Value);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        _content.CopyToAsync(new OneWriteStream(stream), context, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = _content.Headers.ContentLength ?? -1;
        return length >= 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content.Dispose();
        }

        base.Dispose(disposing);
    }
}
