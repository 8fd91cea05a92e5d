namespace VllmSecure.Proxy.Exchange;

/// <summary>Which API's request and response bodies an endpoint speaks.</summary>
internal enum WireFormat
{
    /// <summary>No body that this proxy reads (health, models …).</summary>
    Opaque,
    ChatCompletions,
    Completions,
    Responses,
    Messages,
    Embeddings,

    /// <summary>JSON with a top-level <c>model</c> (score, rerank, pooling, tokenize …).</summary>
    Json,

    /// <summary><c>multipart/form-data</c> with a field <c>model</c> (audio uploads).</summary>
    Form,
}
