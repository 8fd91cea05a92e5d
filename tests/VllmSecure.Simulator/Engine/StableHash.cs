namespace VllmSecure.Simulator.Engine;

/// <summary>FNV-1a, 64 bits: string.GetHashCode differs from process to process, the generated text must not.</summary>
internal static class StableHash
{
    public const ulong Start = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    public static ulong Add(ulong hash, ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            hash = (hash ^ character) * Prime;
        }

        // A separator, so that "ab","c" and "a","bc" differ.
        return (hash ^ 0x1F) * Prime;
    }

    public static ulong Add(ulong hash, long number) => (hash ^ (ulong)number) * Prime;
}
