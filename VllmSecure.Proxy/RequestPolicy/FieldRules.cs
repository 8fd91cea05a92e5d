using static VllmSecure.Proxy.RequestPolicy.FieldScope;

namespace VllmSecure.Proxy.RequestPolicy;

/// <summary>
/// The fields that are refused, each with its reason: what vLLM offers to whoever runs it, and nobody else should reach.
/// A field that says nothing passes: null, and where vLLM takes them for the same also false and 0.
/// </summary>
internal static class FieldRules
{
    private const string Tensors = "A serialised tensor is handed to the model as it is; malformed ones have crashed the engine.";
    private const string Template = "A Jinja template is a program that vLLM runs in its own process.";
    private const string Processor = "It is passed to the code that decodes media, which was never meant to take a client's arguments.";
    private const string Transfer = "It steers the transfer of KV caches between servers, addresses included.";
    private const string Grammar = "Compiling it can take forever or kill the engine; JSON Schemas are let through instead.";
    private const string Stateful = "vLLM keeps answers by their id alone, so one key could read what another asked.";

    /// <summary>Rules whose fields vLLM reads in nested places too.</summary>
    public static IReadOnlyList<FieldRule> All { get; } =
    [
        new("prompt_embeds", Anywhere, Tensors, "CVE-2026-44222", "CVE-2026-9540", "PYSEC-2026-2303") { NamesAPart = true },
        new("image_embeds", Anywhere, Tensors, "CVE-2026-44222"),
        new("audio_embeds", Anywhere, Tensors, "CVE-2026-44222"),
        new("video_embeds", Anywhere, Tensors, "CVE-2026-44222"),
        new("chat_template", Anywhere, Template, "CVE-2025-62426", "CVE-2026-115911", "CVE-2026-115918"),
        new("mm_processor_kwargs", Anywhere, Processor, "CVE-2026-105758", "CVE-2026-114053"),
        new("media_io_kwargs", Anywhere, Processor, "CVE-2026-105758", "CVE-2026-114053"),
        new("kv_transfer_params", Anywhere, Transfer, "CVE-2026-94626"),
        new("ec_transfer_params", Anywhere, Transfer, "CVE-2026-94626"),
        new("vllm_xargs", Anywhere, "It reaches custom extensions of the engine, which trust their callers."),
        new("logits_processors", Anywhere, "It names Python code to run for each token."),
        new("allowed_token_ids", Anywhere, "It has leaked from one request into others.", "CVE-2026-114049"),
        new("prompt_logprobs", Anywhere, "It costs a row of the vocabulary for each prompt token, and breaks with a KV connector.", "CVE-2026-116180") { OnlyNullPasses = true },
        new("cache_salt", Anywhere, "With another's salt a client could probe the cache for another's prompts.", "CVE-2025-46570"),
        new("uuid", Anywhere, "vLLM keeps media under it for all keys, so one could use what another sent.") { OnlyNullPasses = true },
        new("guided_regex", Anywhere, Grammar, "CVE-2025-48944", "CVE-2026-55574", "CVE-2025-29770"),
        new("guided_grammar", Anywhere, Grammar, "CVE-2026-55574", "CVE-2025-29770"),
        new("guided_whitespace_pattern", Anywhere, Grammar, "CVE-2026-55574"),
        new("guided_decoding_backend", Anywhere, Grammar, "CVE-2025-29770"),
        new("structural_tag", Anywhere, Grammar, "CVE-2026-55574"),
        new("structured_outputs.regex", StructuredOutputs, Grammar, "CVE-2025-48944", "CVE-2026-55574", "CVE-2026-105757"),
        new("structured_outputs.grammar", StructuredOutputs, Grammar, "CVE-2026-55574", "CVE-2026-105757"),
        new("structured_outputs.structural_tag", StructuredOutputs, Grammar, "CVE-2026-55574"),
        new("structured_outputs.whitespace_pattern", StructuredOutputs, Grammar, "CVE-2026-55574"),
        new("schema.pattern", Schema, Grammar, "CVE-2025-48944", "CVE-2026-105757"),
        new("echo", Root, "With logprobs it asks for those of the whole prompt.", "CVE-2026-116180"),
        new("use_beam_search", Root, "Each beam is a sequence of its own, on every step."),
        new("priority", Root, "It lets a client push ahead of all others."),
        new("request_id", Root, "It becomes the engine's name of the request; two of one name end one another.", "CVE-2026-116176"),
        new("session_id", Root, "It pins the request to a server of the client's choice."),
        new("return_token_ids", Root, "It is for training, and multiplies the answer."),
        new("previous_response_id", Root, Stateful) { NeedsState = true },
        new("background", Root, Stateful) { NeedsState = true },
    ];
}
