using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace VllmSecure.Proxy.Inspection;

/// <summary>
/// A keyed 64-bit hash of member names. Equal names always meet; that different ones do has a chance of about 2^-64,
/// which nobody can raise, because the key is random and never leaves the process.
/// </summary>
internal static class NameHash
{
    private static readonly ulong Seed = RandomKey();
    private static readonly ulong First = RandomKey() | 1;
    private static readonly ulong Second = RandomKey() | 1;

    public static ulong Compute(ReadOnlySpan<byte> name)
    {
        var hash = Seed ^ ((ulong)name.Length * Second);
        while (name.Length >= sizeof(ulong))
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(name), First);
            name = name[sizeof(ulong)..];
        }

        Span<byte> tail = stackalloc byte[sizeof(ulong)];
        tail.Clear();
        name.CopyTo(tail);
        return Mix(Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(tail), Second), First);
    }

    /// <summary>The 128-bit product folded, as in wyhash.</summary>
    private static ulong Mix(ulong left, ulong right)
    {
        var high = Math.BigMul(left, right, out var low);
        return high ^ low;
    }

    private static ulong RandomKey()
    {
        ulong key = 0;
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(new Span<ulong>(ref key)));
        return key;
    }
}
