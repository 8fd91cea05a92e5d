using System.Text;

namespace VllmSecure.EndToEndTests.Attacks.Handshakes;

/// <summary>A ClientHello (RFC 8446 section 4.1.2), in order but for what is put in.</summary>
internal static class HelloBytes
{
    /// <summary>A <c>server_name</c> extension with this name (RFC 6066 section 3).</summary>
    public static byte[] ServerName(string name)
    {
        byte[] text = Encoding.Latin1.GetBytes(name);
        return Extension(0, Vector16([0, .. Vector16(text)]));
    }

    /// <summary>One TLS record that holds the hello.</summary>
    public static byte[] Record(params byte[][] extensions) => InRecord(Handshake(extensions));

    /// <summary>A handshake record around any bytes.</summary>
    public static byte[] InRecord(ReadOnlySpan<byte> content) => [0x16, 3, 1, .. Vector16(content)];

    public static byte[] Handshake(params byte[][] extensions)
    {
        byte[] key = [.. Enumerable.Range(1, 32).Select(number => (byte)number)];
        byte[] all =
        [
            .. extensions.SelectMany(extension => extension),
            .. Extension(10, Vector16([0, 0x1d])), // supported_groups: x25519
            .. Extension(13, Vector16([4, 3, 8, 4, 4, 1])), // signature_algorithms: ECDSA, RSA-PSS, RSA, with SHA-256
            .. Extension(43, [4, 3, 4, 3, 3]), // supported_versions: 1.3, 1.2
            .. Extension(51, Vector16([0, 0x1d, .. Vector16(key)])), // key_share
        ];
        byte[] body = [3, 3, .. key, 32, .. key, .. Vector16([0x13, 1, 0x13, 2, 0xc0, 0x2b, 0xc0, 0x2f]), 1, 0, .. Vector16(all)];
        return [1, (byte)(body.Length >> 16), (byte)(body.Length >> 8), (byte)body.Length, .. body];
    }

    public static byte[] Extension(ushort type, ReadOnlySpan<byte> data) => [(byte)(type >> 8), (byte)type, .. Vector16(data)];

    private static byte[] Vector16(ReadOnlySpan<byte> data) => [(byte)(data.Length >> 8), (byte)data.Length, .. data];
}
