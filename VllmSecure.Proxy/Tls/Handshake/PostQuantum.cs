using System.Security.Cryptography;

namespace VllmSecure.Proxy.Tls.Handshake;

/// <summary>Whether the TLS library of this machine offers the hybrid key exchange X25519MLKEM768.</summary>
internal static class PostQuantum
{
    // OpenSSL 3.5.0 is the first with ML-KEM, and offers it by default; 0xMNN00PP0L is its version's form.
    private const long FirstOpenSsl = 0x30500000L;

    /// <summary>The answer, null where the platform does not tell, with the library's name.</summary>
    public static (bool? IsOffered, string Library) Describe() => OperatingSystem.IsLinux()
        ? Describe(SafeEvpPKeyHandle.OpenSslVersion)
        : (null, "This platform's TLS library");

    internal static (bool? IsOffered, string Library) Describe(long version) =>
        (version >= FirstOpenSsl, $"OpenSSL {version >> 28}.{(version >> 20) & 0xFF}.{(version >> 4) & 0xFFFF}");
}
