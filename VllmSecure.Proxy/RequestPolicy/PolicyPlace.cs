namespace VllmSecure.Proxy.RequestPolicy;

/// <summary>What kind of place an object or array of the body is.</summary>
internal enum PolicyPlace
{
    /// <summary>Messages, content parts, tools and the like: fields of vLLM may stand in it.</summary>
    Open,
    Root,

    /// <summary>Data of the client's own making, which vLLM does not read for fields of its own.</summary>
    ClientData,

    /// <summary>A JSON Schema or other constraint that the output must match: compiled for sure.</summary>
    OutputSchema,

    /// <summary>The parameters of a tool: limited in size, and compiled where its call is forced or strict.</summary>
    ToolSchema,

    /// <summary>Which tool is to be called.</summary>
    ToolChoice,
    StructuredOutputs,
    TemplateSwitches,

    /// <summary>An object with a media <c>url</c> or base64 <c>data</c>.</summary>
    Media,

    /// <summary>A list of media URLs in the root object.</summary>
    MediaList,
}
