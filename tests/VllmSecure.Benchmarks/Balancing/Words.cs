using System.Text;

namespace VllmSecure.Benchmarks.Balancing;

/// <summary>Seeded text.</summary>
internal static class Words
{
    /// <summary>So many words that mean nothing; the same for the same seed.</summary>
    public static string Of(int seed, int count)
    {
        var text = new StringBuilder();
#pragma warning disable CA5394 // Repeatable, not secret.
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
        {
            text.Append(i == 0 ? string.Empty : " ").Append("word").Append(random.Next(10_000));
        }
#pragma warning restore CA5394

        return text.ToString();
    }
}
