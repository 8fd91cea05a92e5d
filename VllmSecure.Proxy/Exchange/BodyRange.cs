namespace VllmSecure.Proxy.Exchange;

/// <summary>A run of bytes of a request body, as the client sent it.</summary>
/// <param name="Offset">Bytes before it.</param>
/// <param name="Length">Its bytes.</param>
internal readonly record struct BodyRange(long Offset, long Length)
{
    public long End => Offset + Length;
}
