namespace VllmSecure.Simulator.Engine;

/// <summary>What one choice will say, decided before it starts: a simulated model has no doubts.</summary>
internal sealed record ChoicePlan(IReadOnlyList<Piece> Pieces, string FinishReason, string? StopReason)
{
    public string Text(PieceKind kind) => string.Concat(Pieces.Where(piece => piece.Kind == kind).Select(piece => piece.Text));
}
