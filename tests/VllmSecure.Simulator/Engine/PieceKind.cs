namespace VllmSecure.Simulator.Engine;

/// <summary>Which part of an answer a generated token belongs to.</summary>
internal enum PieceKind
{
    Content,
    Reasoning,
    ToolName,
    ToolArguments,
}
