namespace VllmSecure.Proxy.RequestPolicy;

/// <summary>
/// <c>RequestPolicy</c>: what a request body may ask for. The same settings below <c>RequestPolicy:Keys:&lt;key id&gt;</c>
/// hold for one key in place of these.
/// </summary>
internal sealed class RequestPolicyOptions
{
    public const string Section = "RequestPolicy";

    /// <summary>The largest <c>n</c> and <c>best_of</c>: each choice is a sequence of its own in the engine.</summary>
    public int MaxChoices { get; set; } = 16;

    /// <summary>The largest <c>logprobs</c> and <c>top_logprobs</c>, and the most <c>logprob_token_ids</c>; OpenAI's own limit. Each costs a sort over the vocabulary.</summary>
    public int MaxLogprobs { get; set; } = 20;

    /// <summary>
    /// The largest <c>max_tokens</c>, <c>max_completion_tokens</c>, <c>max_output_tokens</c> and <c>min_tokens</c>, in tokens.
    /// vLLM stops at the model's context length anyway.
    /// </summary>
    public long MaxOutputTokens { get; set; } = 131_072;

    /// <summary>Prompts in one request to <c>/v1/completions</c>, and conversations in one batch: each is a request to the engine.</summary>
    public int MaxPrompts { get; set; } = 64;

    /// <summary>Texts in one request for embeddings, scores or a ranking; OpenAI's own limit.</summary>
    public int MaxInputs { get; set; } = 2048;

    /// <summary>Images and audio clips in one request: each is decoded in vLLM's process.</summary>
    public int MaxMediaItems { get; set; } = 32;

    /// <summary>
    /// Bytes of one image or audio clip as it stands in the body: as base64 text in JSON, as the file itself in an upload. As
    /// much as vLLM takes of a recording (<c>VLLM_MAX_AUDIO_CLIP_FILESIZE_MB</c>), and OpenAI.
    /// </summary>
    public int MaxMediaBytes { get; set; } = 25 * 1024 * 1024;

    /// <summary>Whether video may be sent. Off: its decoders had the worst defect of all (CVE-2026-22778).</summary>
    public bool AllowVideo { get; set; }

    /// <summary>
    /// Hosts that vLLM may fetch media from, by name (<c>images.example.com</c>, <c>*.example.com</c>); none by default.
    /// vLLM resolves the names itself: list only hosts whose DNS you trust.
    /// </summary>
    public IList<string> MediaHosts { get; set; } = [];

    /// <summary>Bytes of one JSON Schema or other constraint of the output, and of one tool's parameters: each is compiled to a grammar.</summary>
    public int MaxSchemaBytes { get; set; } = 64 * 1024;

    /// <summary>Levels of such a schema; compilers recurse.</summary>
    public int MaxSchemaDepth { get; set; } = 32;

    /// <summary>
    /// Members of <c>chat_template_kwargs</c> that pass beside the usual switches (<c>enable_thinking</c>, <c>thinking</c>,
    /// <c>thinking_budget</c>, <c>reasoning_effort</c>). Their values must be scalars: templates take them for switches.
    /// </summary>
    public IList<string> TemplateSwitches { get; set; } = [];

    /// <summary>Refused fields that may be used all the same, by the names of the table below.</summary>
    public IList<string> AllowFields { get; set; } = [];

    /// <summary>
    /// Whether each key gets a <c>cache_salt</c> of its own where vLLM takes one (chat, completions, responses, embeddings):
    /// then nobody can tell from vLLM's speed what others have asked there (CVE-2025-46570), and keys do not share prefixes in
    /// its cache. Anthropic's and Cohere's endpoints, scores, rankings, classes and pooling get none: close them where it matters.
    /// </summary>
    public bool CacheSaltPerKey { get; set; }
}
