namespace VllmSecure.EndToEndTests.Clients;

/// <summary>What every client asks.</summary>
internal static class Prompts
{
    public const string Hello = "Say hello.";

    /// <summary>The simulator calls a tool when it is asked to in these words.</summary>
    public const string Weather = "What is the weather? Please call the tool.";

    public const string ToolName = "get_weather";

    /// <summary>The simulator fills this schema.</summary>
    public const string ToolSchema = """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""";
}
