namespace VllmSecure.Proxy.RequestPolicy;

/// <summary>A member whose value decides what other members mean.</summary>
internal enum PolicyKeyword
{
    None,

    /// <summary>The kind of a content part.</summary>
    Type,

    /// <summary>A JSON Schema, also as a string of JSON.</summary>
    Schema,

    /// <summary>Whether a tool's parameters are compiled even where the model may choose.</summary>
    StrictTool,

    /// <summary>Whether the model may choose.</summary>
    ToolChoice,
}
