using System.Buffers;

namespace VllmSecure.Proxy.Exchange;

/// <summary>Keeps what goes to the client, up to a limit: what is longer is not kept at all.</summary>
/// <param name="limit">Bytes.</param>
internal sealed class ResponseCopy(int limit)
{
    private ArrayBufferWriter<byte>? _written = new();

    /// <summary>The whole answer so far; null: it was too long.</summary>
    public ReadOnlyMemory<byte>? Bytes => _written?.WrittenMemory;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_written is null || bytes.Length > limit - _written.WrittenCount)
        {
            _written = null;
            return;
        }

        _written.Write(bytes);
    }
}
