using System.Buffers.Text;
using System.Security.Cryptography;

namespace VllmSecure.Proxy.Exchange;

/// <summary>Request ids: 128 random bits, so that one cannot be guessed or made to collide by a client.</summary>
internal static class RequestIds
{
    private const int Bytes = 16;

    /// <summary>A fresh id such as <c>req_Zk3…</c>: 26 characters, safe in headers, logs and file names.</summary>
    public static string Create()
    {
        Span<byte> random = stackalloc byte[Bytes];
        RandomNumberGenerator.Fill(random);
        return string.Concat("req_", Base64Url.EncodeToString(random));
    }
}
