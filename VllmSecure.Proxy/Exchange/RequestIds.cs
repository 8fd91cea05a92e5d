using System.Buffers.Text;
using System.Security.Cryptography;

namespace VllmSecure.Proxy.Exchange;

/// <summary>Request ids: 128 random bits, so that one cannot be guessed or made to collide by a client.</summary>
internal static class RequestIds
{
    private const int Bytes = 16;

    /// <summary>Ids for which randomness is fetched at once: asking OpenSSL costs about the same for one as for many.</summary>
    private const int Batch = 16;

    [ThreadStatic]
    private static byte[]? _random;

    [ThreadStatic]
    private static int _left;

    /// <summary>A fresh id such as <c>req_Zk3…</c>: 26 characters, safe in headers, logs and file names.</summary>
    public static string Create()
    {
        var random = _random ??= new byte[Bytes * Batch];
        if (_left == 0)
        {
            RandomNumberGenerator.Fill(random);
            _left = Batch;
        }

        return string.Concat("req_", Base64Url.EncodeToString(random.AsSpan(--_left * Bytes, Bytes)));
    }
}
