using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using VllmSecure.Proxy.Storage;

namespace VllmSecure.Proxy.RequestPolicy;

/// <summary>
/// A salt for vLLM's prefix cache per key, from a secret under the data directory: the same after a restart, so that the
/// cache stays of use, and not to be guessed from the key's id.
/// </summary>
internal sealed class CacheSalt(DataDirectory data)
{
    private const int SecretBytes = 32;

    private readonly Lock _lock = new();
    private volatile byte[]? _secret;

    /// <summary>43 characters of base64url: the length that vLLM asks for.</summary>
    public string For(string keyId) => Base64Url.EncodeToString(HMACSHA256.HashData(Secret(), Encoding.UTF8.GetBytes(keyId)));

    /// <summary>Not a <see cref="Lazy{T}"/>: that would throw for ever what one full disk threw.</summary>
    private byte[] Secret()
    {
        if (_secret is { } known)
        {
            return known;
        }

        lock (_lock)
        {
            return _secret ??= ReadOrCreate(data);
        }
    }

    private static byte[] ReadOrCreate(DataDirectory data)
    {
        var path = data.PathOf("request-policy", "cache-salt.key");
        if (File.Exists(path) && File.ReadAllBytes(path) is { Length: SecretBytes } secret)
        {
            return secret;
        }

        var created = RandomNumberGenerator.GetBytes(SecretBytes);
        data.Write(path, created);
        return created;
    }
}
