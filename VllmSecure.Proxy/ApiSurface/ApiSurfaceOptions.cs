namespace VllmSecure.Proxy.ApiSurface;

/// <summary><c>ApiSurface</c>: which of vLLM's endpoints are open besides inference and models, and how large a body may be.</summary>
internal sealed class ApiSurfaceOptions
{
    public const string Section = "ApiSurface";

    /// <summary>Opens <c>/tokenize</c> and <c>/detokenize</c>. Closed by default: they run the chat template (CVE-2026-105758).</summary>
    public bool Tokenizer { get; set; }

    /// <summary>Opens the WebSocket <c>/v1/realtime</c>, whose messages the proxy does not inspect.</summary>
    public bool Realtime { get; set; }

    /// <summary>Bytes of a request body where no media is allowed.</summary>
    public long MaxBodyBytes { get; set; } = 10_000_000;

    /// <summary>Bytes of a request body on endpoints that take images, audio or video.</summary>
    public long MaxMediaBodyBytes { get; set; } = 64_000_000;
}
