using System.Collections.Concurrent;

namespace VllmSecure.Simulator.Engine;

/// <summary>Token ids: a stable hash of the token, remembered so that ids can be turned back into text.</summary>
internal static class Vocabulary
{
    // Bounded, for a simulator that runs for days: later tokens have ids, but no way back.
    private const int Capacity = 1_000_000;
    private static readonly ConcurrentDictionary<long, string> Texts = new();

    public static long Id(string token)
    {
        var id = (long)(StableHash.Add(StableHash.Start, token) & 0x7FFF_FFFF);
        if (Texts.Count < Capacity)
        {
            Texts.TryAdd(id, token);
        }

        return id;
    }

    public static string? Text(long id) => Texts.GetValueOrDefault(id);
}
