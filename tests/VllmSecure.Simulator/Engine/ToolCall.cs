namespace VllmSecure.Simulator.Engine;

/// <summary>A call of a client's tool, its arguments as JSON.</summary>
internal sealed record ToolCall(string Name, string Arguments);
