using System.Text;

namespace VllmSecure.Simulator;

/// <summary>
/// The tokenizer of the simulated model. A token is one optional leading space and then either up to 16 letters and
/// digits, or a single other character. So "Hello, big world" is <c>Hello</c> <c>,</c> <c> big</c> <c> world</c>.
/// A chat prompt's tokens are those of its text contents, nothing for roles; an image or audio part counts as 16.
/// </summary>
public static class SimulatedTokenizer
{
    /// <summary>Tokens that a part of a message counts for which is not text.</summary>
    public const int TokensPerMediaPart = 16;

    private const int LongestPiece = 16;

    /// <summary>Number of tokens of a text.</summary>
    public static int Count(string text) => Split(text).Count;

    /// <summary>The text's tokens; concatenated they are the text.</summary>
    public static IReadOnlyList<string> Split(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var pieces = new List<string>(text.Length / 4);
        for (var start = 0; start < text.Length;)
        {
            var end = PieceEnd(text, start);
            pieces.Add(text[start..end]);
            start = end;
        }

        return pieces;
    }

    private static int PieceEnd(string text, int start)
    {
        var position = start;
        if (text[position] == ' ' && position + 1 < text.Length)
        {
            position++;
        }

        var bodyStart = position;
        var letters = 0;
        while (position < text.Length && letters < LongestPiece)
        {
            Rune.DecodeFromUtf16(text.AsSpan(position), out var rune, out var length);
            if (!Rune.IsLetterOrDigit(rune))
            {
                // A character that belongs to no word is a token by itself.
                return position == bodyStart ? position + length : position;
            }

            position += length;
            letters++;
        }

        return position;
    }
}
