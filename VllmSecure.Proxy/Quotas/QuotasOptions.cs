namespace VllmSecure.Proxy.Quotas;

/// <summary><c>Quotas</c>: limits of rate, tokens and concurrency. Nothing is limited until it is set.</summary>
internal sealed class QuotasOptions
{
    public const string Section = "Quotas";

    /// <summary>For each key that has no limit of its own.</summary>
    public QuotaLimits Default { get; set; } = new();

    /// <summary>For all keys together.</summary>
    public QuotaLimits Global { get; set; } = new();

    /// <summary>
    /// Completion tokens to reserve where a request sets no limit itself. vLLM would go on to the end of its context;
    /// this is what a long answer really takes, and what is used beyond is charged when it is known.
    /// </summary>
    public int AssumedOutputTokens { get; set; } = 1024;

    /// <summary>What could not be read, each naming its key: reported by the validator with everything else.</summary>
    public List<string> Mistakes { get; } = [];
}
