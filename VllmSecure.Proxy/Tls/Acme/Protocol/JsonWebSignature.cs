using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace VllmSecure.Proxy.Tls.Acme.Protocol;

/// <summary>JSON Web Signature (RFC 7515), as much of it as ACME uses.</summary>
internal static class JsonWebSignature
{
    public static JwsMessage Create(JwsHeader header, ReadOnlySpan<byte> payload, Func<byte[], byte[]> sign)
    {
        var encodedHeader = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(header, AcmeJsonContext.Default.JwsHeader));
        var encodedPayload = Base64Url.EncodeToString(payload);
        var signature = sign(Encoding.ASCII.GetBytes($"{encodedHeader}.{encodedPayload}"));
        return new JwsMessage(encodedHeader, encodedPayload, Base64Url.EncodeToString(signature));
    }
}
