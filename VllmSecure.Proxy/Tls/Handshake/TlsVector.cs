using System.Buffers.Binary;

namespace VllmSecure.Proxy.Tls.Handshake;

/// <summary>Reads the length-prefixed vectors of the TLS presentation language (RFC 8446 section 3.4).</summary>
internal ref struct TlsVector(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool IsEmpty => _rest.IsEmpty;

    public bool TryRead(int count, out ReadOnlySpan<byte> value)
    {
        if (_rest.Length < count)
        {
            value = default;
            return false;
        }

        value = _rest[..count];
        _rest = _rest[count..];
        return true;
    }

    public bool TryReadUInt16(out ushort value)
    {
        var ok = TryRead(sizeof(ushort), out var bytes);
        value = ok ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : default;
        return ok;
    }

    /// <summary>A vector with a length of one byte.</summary>
    public bool TryReadVector8(out ReadOnlySpan<byte> value)
    {
        value = default;
        return TryRead(1, out var length) && TryRead(length[0], out value);
    }

    /// <summary>A vector with a length of two bytes.</summary>
    public bool TryReadVector16(out ReadOnlySpan<byte> value)
    {
        value = default;
        return TryReadUInt16(out var length) && TryRead(length, out value);
    }
}
