namespace VllmSecure.EndToEndTests.Clients;

/// <param name="Name">The tool.</param>
/// <param name="Arguments">A JSON object.</param>
internal sealed record ToolCall(string Name, string Arguments);
