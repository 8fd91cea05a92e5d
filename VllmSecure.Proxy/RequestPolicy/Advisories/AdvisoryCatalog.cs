namespace VllmSecure.Proxy.RequestPolicy.Advisories;

/// <summary>vLLM's advisories, from its security page and the PyPA database, as far as a proxy can do something about them.</summary>
internal static class AdvisoryCatalog
{
    private const string Media = "Media URLs in a request make vLLM call addresses of the client's choice, internal ones included.";
    private const string Bomb = "Images or audio that grow without bounds when they are decoded.";
    private const string Template = "A chat template, or its arguments, keeps the server busy for ever.";
    private const string Grammar = "A schema or regular expression for the output kills or stalls the engine.";

    public static IReadOnlyList<Advisory> All { get; } =
    [
        new("CVE-2025-29770", new(0, 8), Grammar),
        new("CVE-2025-46570", new(0, 9), "The time to the first token tells whether another client has sent the same prefix."),
        new("CVE-2025-48944", new(0, 9), Grammar),
        new("CVE-2025-48956", new(0, 10, 1, 1), "Headers of any size are read into memory."),
        new("CVE-2025-6242", null, Media),
        new("CVE-2025-62426", new(0, 11, 1), Template),
        new("CVE-2026-22778", new(0, 14, 1), "A video runs code in the server."),
        new("CVE-2026-24779", null, Media),
        new("CVE-2026-25960", null, Media),
        new("CVE-2026-34753", null, Media),
        new("CVE-2026-34755", null, Bomb),
        new("CVE-2026-34756", new(0, 19), "n is not limited: one request is any number of sequences."),
        new("CVE-2026-44222", null, "Placeholder tokens or embeddings in place of a prompt crash the engine."),
        new("CVE-2026-48746", new(0, 22), "A malformed Host header passes the check of vLLM's own API key."),
        new("CVE-2026-54233", null, Bomb),
        new("CVE-2026-55574", new(0, 24), Grammar),
        new("CVE-2026-73559", new(0, 26), "The list of prompts is not limited: one request is any number of requests."),
        new("CVE-2026-94626", null, "KV transfer parameters of a client reach the connector."),
        new("CVE-2026-9540", null, "Placeholder tokens or embeddings in place of a prompt crash the engine."),
        new("CVE-2026-100650", null, Bomb),
        new("CVE-2026-105757", new(0, 30), Grammar),
        new("CVE-2026-105758", new(0, 30), "Arguments for media decoders are taken from the client, also by the open tokenizer endpoint."),
        new("CVE-2026-109311", null, Bomb),
        new("CVE-2026-114049", new(0, 31), "The allowed tokens of one request hold for others too."),
        new("CVE-2026-114051", new(0, 31), "min_tokens on the token-level endpoint hangs the engine while its health stays good."),
        new("CVE-2026-114053", new(0, 31), "Arguments for the media processor run code in the server."),
        new("CVE-2026-115911", new(0, 32), Template),
        new("CVE-2026-115918", new(0, 32), Template),
        new("CVE-2026-116176", null, "The request id header of a client becomes part of an address that the server calls."),
        new("CVE-2026-116180", null, "Log probabilities of the prompt break the server when a KV connector is used."),
        new("PYSEC-2026-2303", null, "Placeholder tokens or embeddings in place of a prompt crash the engine."),
        new("PYSEC-2026-4325", new(0, 30), "Requests with made-up HTTP methods are routed."),
    ];

    /// <summary>The advisories that a release of vLLM still has.</summary>
    public static IEnumerable<Advisory> For(Version version) => All.Where(advisory => advisory.AppliesTo(version));
}
