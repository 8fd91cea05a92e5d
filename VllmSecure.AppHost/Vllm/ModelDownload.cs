namespace VllmSecure.AppHost.Vllm;

/// <summary>How a published vLLM comes by its weights (<c>Vllm:Download</c>).</summary>
internal enum ModelDownload
{
    /// <summary>A one-shot service with egress fills the cache; vLLM itself has no way out.</summary>
    OneShot,

    /// <summary>The cache is filled by hand; vLLM has no way out.</summary>
    Prefilled,

    /// <summary>vLLM downloads by itself, and so has egress.</summary>
    Engine,
}
