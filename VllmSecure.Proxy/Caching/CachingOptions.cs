namespace VllmSecure.Proxy.Caching;

/// <summary><c>Caching</c>: answers kept for requests that repeat exactly.</summary>
internal sealed class CachingOptions
{
    public const string Section = "Caching";

    /// <summary>Whether answers to embeddings, scores and reranks are kept: the same request always has the same answer.</summary>
    public bool Enabled { get; set; }

    /// <summary>Whether chats and completions are too, where the request asks for the same answer each time (<c>temperature</c> 0 or a <c>seed</c>).</summary>
    public bool Generations { get; set; }

    /// <summary>Whether one key's request may be answered with what another key's request brought. The time of an answer then tells what others asked.</summary>
    public bool SharedBetweenKeys { get; set; }

    /// <summary>Seconds that an answer is kept at the most.</summary>
    public int Seconds { get; set; } = 3600;

    /// <summary>Megabytes that all answers together may take; those that were not used for the longest time go first.</summary>
    public int MaxMegabytes { get; set; } = 64;

    /// <summary>Kilobytes of the longest answer that is kept.</summary>
    public int MaxAnswerKilobytes { get; set; } = 1024;
}
