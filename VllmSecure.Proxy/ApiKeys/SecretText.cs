using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;

namespace VllmSecure.Proxy.ApiKeys;

/// <summary>
/// The text of a secret made here: <c>vllms_</c>, 43 random characters (256 bits in base 62), and a CRC-32 of all before
/// it as 6 more. The prefix lets secret scanners find a leaked key (<c>vllms_[0-9A-Za-z]{49}</c>), the checksum tells a
/// typo from a revoked key without asking anyone.
/// </summary>
internal static class SecretText
{
    /// <summary>Longer credentials are refused unread, so that no one makes the proxy hash megabytes.</summary>
    public const int MaxLength = 512;

    /// <summary>The least length of a secret that someone else made up: 128 bits even where every character is a hex digit.</summary>
    public const int MinLength = 32;

    private const string Prefix = "vllms_";

    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    // 62^43 > 2^256, 62^6 > 2^32.
    private const int RandomLength = 43;
    private const int ChecksumLength = 6;

    /// <summary>A fresh secret.</summary>
    public static string Create()
    {
        var body = Prefix + RandomNumberGenerator.GetString(Digits, RandomLength);
        return body + Checksum(body);
    }

    /// <summary>Whether a text has our prefix but cannot be a secret of ours: cut short, or mistyped.</summary>
    public static bool IsMistyped(ReadOnlySpan<char> secret)
    {
        if (!secret.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        return secret.Length != Prefix.Length + RandomLength + ChecksumLength
            || !secret[^ChecksumLength..].SequenceEqual(Checksum(secret[..^ChecksumLength]));
    }

    /// <summary>Whether a text can travel in a header as one token: visible ASCII only (RFC 9110 section 5.6.2 is stricter, clients are not).</summary>
    public static bool IsPresentable(ReadOnlySpan<char> secret) =>
        secret.Length is > 0 and <= MaxLength && !secret.ContainsAnyExceptInRange('!', '~');

    private static string Checksum(ReadOnlySpan<char> body)
    {
        Span<byte> utf8 = stackalloc byte[Encoding.UTF8.GetMaxByteCount(MaxLength)];
        var crc = Crc32.HashToUInt32(utf8[..Encoding.UTF8.GetBytes(body, utf8)]);
        return string.Create(ChecksumLength, crc, static (text, value) =>
        {
            for (var i = text.Length - 1; i >= 0; i--)
            {
                text[i] = Digits[(int)(value % Digits.Length)];
                value /= (uint)Digits.Length;
            }
        });
    }
}
