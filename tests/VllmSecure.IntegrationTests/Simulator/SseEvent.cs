using System.Text.Json.Nodes;

namespace VllmSecure.IntegrationTests.Simulator;

/// <summary>One server-sent event as it was written.</summary>
internal sealed record SseEvent(string? Name, string Data)
{
    public JsonNode Json => JsonNode.Parse(Data)!;
}
