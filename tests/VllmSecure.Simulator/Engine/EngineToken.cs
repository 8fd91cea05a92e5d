namespace VllmSecure.Simulator.Engine;

/// <summary>A token as it leaves the engine.</summary>
internal readonly record struct EngineToken(int Choice, Piece Piece, bool IsLast);
