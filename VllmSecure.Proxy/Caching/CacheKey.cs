using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Caching;

/// <summary>The name of a request's answer: a SHA-256, from which nothing of the request can be read.</summary>
internal readonly record struct CacheKey(UInt128 High, UInt128 Low)
{
    /// <summary>
    /// Over the endpoint, whom the answer belongs to, and the body as the client meant it: members in the order of their names,
    /// no white space. Everything counts, the model and unknown members included.
    /// </summary>
    public static CacheKey Of(ApiEndpoint endpoint, string? owner, RequestBody body)
    {
        using var hash = new BufferedHash();
        hash.Append(Encoding.UTF8.GetBytes(endpoint.Path));
        hash.Append(Encoding.UTF8.GetBytes(owner is null ? "shared" : $"key {owner}"));
        foreach (var member in body.Members.OrderBy(member => member.Name, StringComparer.Ordinal))
        {
            hash.Append(Encoding.UTF8.GetBytes(member.Name));
            AppendTokens(hash, body.Bytes.Slice(member.Value.Offset, member.Value.Length));
        }

        Span<byte> result = stackalloc byte[SHA256.HashSizeInBytes];
        hash.Finish(result);
        return new CacheKey(BinaryPrimitives.ReadUInt128BigEndian(result), BinaryPrimitives.ReadUInt128BigEndian(result[16..]));
    }

    /// <summary>Each token with its kind and length, so that no two values look alike.</summary>
    private static void AppendTokens(BufferedHash hash, ReadOnlySequence<byte> json)
    {
        // Inspection has bounded the depth already.
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 1024 });
        while (reader.Read())
        {
            hash.Append((byte)reader.TokenType);
            if (reader.HasValueSequence)
            {
                hash.Append(reader.ValueSequence.ToArray());
            }
            else
            {
                hash.Append(reader.ValueSpan);
            }
        }
    }
}
