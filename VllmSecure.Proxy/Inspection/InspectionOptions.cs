namespace VllmSecure.Proxy.Inspection;

/// <summary><c>Inspection</c>: how bodies are read.</summary>
internal sealed class InspectionOptions
{
    public const string Section = "Inspection";

    /// <summary>
    /// Bytes of memory for the request bodies of all requests together. A body that finds none left is answered 503 with
    /// Retry-After: better than a process out of memory, which ends every stream.
    /// </summary>
    public long MaxBufferedBytes { get; set; } = 512L * 1024 * 1024;

    /// <summary>Levels of arrays and objects in a body; the deepest real bodies (JSON Schemas of tools) stay below 30.</summary>
    public int MaxDepth { get; set; } = 64;

    /// <summary>
    /// Members of one object in a body. Each new name is compared with the object's earlier ones, so the bound keeps the
    /// scan linear. Wide objects that are real: <c>logit_bias</c> (OpenAI allows 300) and schemas of tools.
    /// </summary>
    public int MaxObjectMembers { get; set; } = 1024;

    /// <summary>
    /// Seconds of silence on a stream after which the client gets an SSE comment, and its headers if it has none yet; 0: never.
    /// Until then a failed upstream can be replaced by another one without the client's knowledge.
    /// </summary>
    public int KeepAliveSeconds { get; set; } = 15;
}
