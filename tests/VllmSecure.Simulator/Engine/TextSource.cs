namespace VllmSecure.Simulator.Engine;

/// <summary>Words for completions: each is exactly one token, some of two, three and four UTF-8 bytes a character.</summary>
internal static class TextSource
{
    private static readonly string[] Words =
    [
        "the", "river", "carries", "light", "over", "stones", "and", "every", "signal", "finds", "its", "way", "home",
        "naïve", "Zürich", "café", "señor", "Ωmega", "größe", "日本語", "東京", "Привет", "👋", "🚀", "✓", "→",
        "a", "quiet", "engine", "reads", "prompt", "after", "prompt", "while", "queues", "grow", "longer", "than",
        "morning", "shadows", "under", "bridges", "where", "winter", "keeps", "old", "maps", "of", "cities", "we",
        "have", "not", "seen", "since", "rain", "began", "to", "write", "on", "glass", "with", "careful", "hands",
    ];

    public static IEnumerable<string> Tokens(ulong seed, string? onlyWord)
    {
        var random = new SeededRandom(seed);
        for (var index = 0; ; index++)
        {
            if (index % 12 == 11)
            {
                yield return ".";
                continue;
            }

            var word = onlyWord ?? Words[random.Below(Words.Length)];
            yield return index == 0 ? word : " " + word;
        }
    }
}
