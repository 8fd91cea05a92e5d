using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace VllmSecure.Proxy.ApiKeys;

/// <summary>
/// The SHA-256 of a secret: all that the proxy keeps of it. Equality takes the same time wherever two hashes differ.
/// A slow password hash would add nothing for random secrets and let anyone burn the proxy's CPU with wrong keys.
/// </summary>
[InlineArray(SHA256.HashSizeInBytes)]
internal struct SecretHash : IEquatable<SecretHash>
{
    private const string Prefix = "sha256:";

    private byte _first;

    /// <summary>The hash of a secret's UTF-8 bytes.</summary>
    public static SecretHash Of(ReadOnlySpan<char> secret)
    {
        Span<byte> utf8 = stackalloc byte[Encoding.UTF8.GetMaxByteCount(SecretText.MaxLength)];
        if (secret.Length > SecretText.MaxLength)
        {
            throw new ArgumentException("The secret is too long.", nameof(secret));
        }

        var hash = default(SecretHash);
        SHA256.HashData(utf8[..Encoding.UTF8.GetBytes(secret, utf8)], hash);
        return hash;
    }

    /// <summary>Reads 64 hexadecimal digits, as <c>sha256sum</c> prints them, with or without <c>sha256:</c> before them.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out SecretHash hash)
    {
        hash = default;
        var digits = text.AsSpan().Trim();
        if (digits.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            digits = digits[Prefix.Length..];
        }

        return digits.Length == SHA256.HashSizeInBytes * 2
            && Convert.FromHexString(digits, hash, out _, out _) == System.Buffers.OperationStatus.Done;
    }

    public readonly bool Equals(SecretHash other) => CryptographicOperations.FixedTimeEquals(this, other);

    public override readonly bool Equals(object? obj) => obj is SecretHash other && Equals(other);

    // Bits of a hash that a caller cannot choose: where a lookup ends tells nothing about the secrets that exist.
    public override readonly int GetHashCode() => BinaryPrimitives.ReadInt32LittleEndian(this);

    /// <summary>The form written to key files and configuration: <c>sha256:</c> and 64 lower-case digits.</summary>
    public override readonly string ToString() => Prefix + Convert.ToHexStringLower(this);
}
