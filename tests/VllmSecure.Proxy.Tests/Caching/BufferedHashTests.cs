using System.Buffers.Binary;
using System.Security.Cryptography;
using CsCheck;
using VllmSecure.Proxy.Caching;

namespace VllmSecure.Proxy.Tests.Caching;

public sealed class BufferedHashTests
{
    /// <summary>Wherever the parts meet the end of the buffer, no byte is lost or moved.</summary>
    [Fact]
    public void Finish_AfterPartsOfAnyLength_IsTheHashOfAllInARow() => Gen.Byte.Array[0, 6000].Array[0, 20].Sample(parts =>
    {
        using var hash = new BufferedHash();
        using var all = new MemoryStream();
        var length = new byte[sizeof(int)];
        foreach (var part in parts)
        {
            hash.Append(7);
            hash.Append(part);
            BinaryPrimitives.WriteInt32LittleEndian(length, part.Length);
            all.Write([7, .. length, .. part]);
        }

        var result = new byte[SHA256.HashSizeInBytes];
        hash.Finish(result);

        Assert.Equal(SHA256.HashData(all.ToArray()), result);
    }, iter: 200);
}
