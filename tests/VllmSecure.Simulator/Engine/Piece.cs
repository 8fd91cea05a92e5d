namespace VllmSecure.Simulator.Engine;

/// <summary>One generated token. The text may be empty: a token that a stop string has swallowed.</summary>
internal readonly record struct Piece(PieceKind Kind, string Text);
