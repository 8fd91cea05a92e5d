namespace VllmSecure.Fuzz;

/// <summary>Makes new inputs of old ones: flips, cuts, doublings, crossings, and words that the parsers know.</summary>
internal sealed class Mutator(Random random, IReadOnlyList<byte[]> corpus)
{
    private static readonly byte[][] Words =
    [
        .. new[]
        {
            "\"model\":", "\"stream\":true", "\"n\":", "\"choices\":[", "\"usage\":{\"prompt_tokens\":1}", "\"finish_reason\":\"stop\"", "\"index\":0",
            "\"delta\":{", "data: ", "data:", "\n\n", "\r\n\r\n", "\r", "\n", ": c\n\n", "[DONE]", "\\u006e", "\\ud800", "null", "true", "{", "}", "[", "]",
            ",", "\"", "\\", "\uFEFF", "\u00e9", "\"image_url\":\"http://a\"", "\"chat_template\":\"x\"", "\"error\":{",
        }.Select(System.Text.Encoding.UTF8.GetBytes),
    ];

    public byte[] Next()
    {
        var input = new List<byte>(corpus[random.Next(corpus.Count)]);
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            Change(input);
        }

        return [.. input];
    }

    private void Change(List<byte> input)
    {
        var place = random.Next(input.Count + 1);
        var length = random.Next(Math.Min(16, input.Count - place) + 1);
        switch (random.Next(6))
        {
            case 0 when place < input.Count:
                input[place] = (byte)random.Next(256);
                break;
            case 1:
                input.RemoveRange(place, length);
                break;
            case 2:
                input.InsertRange(place, Words[random.Next(Words.Length)]);
                break;
            case 3:
                input.InsertRange(place, input.GetRange(place, length));
                break;
            case 4:
                var other = corpus[random.Next(corpus.Count)];
                input.RemoveRange(place, input.Count - place);
                input.AddRange(other.AsSpan(random.Next(other.Length + 1)));
                break;
            default:
                input.Insert(place, (byte)random.Next(256));
                break;
        }
    }
}
