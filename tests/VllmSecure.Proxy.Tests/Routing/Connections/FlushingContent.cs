using System.Net;

namespace VllmSecure.Proxy.Tests.Routing.Connections;

/// <summary>Content that flushes before each of its pieces, as YARP's does before the first.</summary>
internal sealed class FlushingContent(params string[] pieces) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        foreach (var piece in pieces)
        {
            await stream.FlushAsync();
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(piece));
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = pieces.Sum(piece => piece.Length);
        return true;
    }
}
