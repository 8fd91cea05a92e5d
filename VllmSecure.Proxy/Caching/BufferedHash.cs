using System.Buffers.Binary;
using System.Security.Cryptography;

namespace VllmSecure.Proxy.Caching;

/// <summary>A SHA-256 over many small parts; each call of the system's own costs far more than a copy.</summary>
internal sealed class BufferedHash : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer = new byte[4096];
    private int _filled;

    public void Append(byte value)
    {
        Reserve(1);
        _buffer[_filled++] = value;
    }

    /// <summary>The bytes behind their length, so that no two rows of parts look alike.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        Reserve(sizeof(int));
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(_filled), bytes.Length);
        _filled += sizeof(int);
        if (bytes.Length > _buffer.Length)
        {
            Flush();
            _hash.AppendData(bytes);
            return;
        }

        Reserve(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_filled));
        _filled += bytes.Length;
    }

    /// <summary>Writes the hash of all parts.</summary>
    public void Finish(Span<byte> result)
    {
        Flush();
        _hash.GetHashAndReset(result);
    }

    public void Dispose() => _hash.Dispose();

    private void Reserve(int count)
    {
        if (_buffer.Length - _filled < count)
        {
            Flush();
        }
    }

    private void Flush()
    {
        _hash.AppendData(_buffer, 0, _filled);
        _filled = 0;
    }
}
