using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace VllmSecure.Proxy.Routing.Balancing;

/// <summary>
/// Weighted rendezvous hashing: the same word finds the same server while that one is there, and when a server goes or comes
/// only its own words move.
/// </summary>
internal static class StickyChoice
{
    /// <summary>The index of the server for a word.</summary>
    /// <param name="word">What the client sent.</param>
    /// <param name="servers">Name and weight (above 0) of each server; not empty.</param>
    public static int Choose(string word, ReadOnlySpan<(string Name, double Weight)> servers)
    {
        var seed = (long)XxHash3.HashToUInt64(MemoryMarshal.AsBytes(word.AsSpan()));
        var best = 0;
        var highest = double.NegativeInfinity;
        for (var i = 0; i < servers.Length; i++)
        {
            // From the 53 upper bits, as a double has: uniform between 0 and 1, never either.
            var uniform = ((XxHash3.HashToUInt64(MemoryMarshal.AsBytes(servers[i].Name.AsSpan()), seed) >> 11) + 0.5) / (1UL << 53);
            var score = -servers[i].Weight / Math.Log(uniform);
            if (score > highest)
            {
                (highest, best) = (score, i);
            }
        }

        return best;
    }
}
