namespace VllmSecure.Simulator.Engine;

/// <summary>Ends a completion at the first stop string, which is not part of the text, though its tokens were generated.</summary>
internal static class StopStrings
{
    public static ChoicePlan? Cut(IReadOnlyList<Piece> pieces, IReadOnlyList<string> stops)
    {
        var text = string.Concat(pieces.Where(piece => piece.Kind == PieceKind.Content).Select(piece => piece.Text));
        var first = stops.Where(stop => stop.Length > 0)
            .Select(stop => (stop, at: text.IndexOf(stop, StringComparison.Ordinal)))
            .Where(match => match.at >= 0)
            .OrderBy(match => match.at + match.stop.Length)
            .FirstOrDefault();
        return first.stop is null ? null : new ChoicePlan(Keep(pieces, first.at, first.at + first.stop.Length), "stop", first.stop);
    }

    private static List<Piece> Keep(IReadOnlyList<Piece> pieces, int textEnd, int matchEnd)
    {
        var kept = new List<Piece>();
        var position = 0;
        foreach (var piece in pieces)
        {
            if (piece.Kind != PieceKind.Content)
            {
                kept.Add(piece);
                continue;
            }

            kept.Add(piece with { Text = piece.Text[..Math.Clamp(textEnd - position, 0, piece.Text.Length)] });
            position += piece.Text.Length;
            if (position >= matchEnd)
            {
                break;
            }
        }

        return kept;
    }
}
