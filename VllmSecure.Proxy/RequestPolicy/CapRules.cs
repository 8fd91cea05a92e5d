namespace VllmSecure.Proxy.RequestPolicy;

/// <summary>The limits. A number must be written as a whole number: vLLM would also take "5", 5.0 and true.</summary>
internal static class CapRules
{
    public static IReadOnlyList<CapRule> All { get; } =
    [
        new("n", nameof(RequestPolicyOptions.MaxChoices), options => options.MaxChoices, "CVE-2026-34756"),
        new("best_of", nameof(RequestPolicyOptions.MaxChoices), options => options.MaxChoices, "CVE-2026-34756"),
        new("logprobs", nameof(RequestPolicyOptions.MaxLogprobs), options => options.MaxLogprobs),
        new("top_logprobs", nameof(RequestPolicyOptions.MaxLogprobs), options => options.MaxLogprobs),
        new("logprob_token_ids", nameof(RequestPolicyOptions.MaxLogprobs), options => options.MaxLogprobs) { CountsItems = true, CountsNumbers = true },
        new("max_tokens", nameof(RequestPolicyOptions.MaxOutputTokens), options => options.MaxOutputTokens),
        new("max_completion_tokens", nameof(RequestPolicyOptions.MaxOutputTokens), options => options.MaxOutputTokens),
        new("max_output_tokens", nameof(RequestPolicyOptions.MaxOutputTokens), options => options.MaxOutputTokens),
        new("min_tokens", nameof(RequestPolicyOptions.MaxOutputTokens), options => options.MaxOutputTokens, "CVE-2026-114051"),
        new("prompt", nameof(RequestPolicyOptions.MaxPrompts), options => options.MaxPrompts, "CVE-2026-73559") { CountsItems = true },
        new("messages", nameof(RequestPolicyOptions.MaxPrompts), options => options.MaxPrompts, "CVE-2026-73559") { CountsItems = true, CountsListsOnly = true },
        .. Inputs("input", "inputs", "texts", "text_1", "text_2", "queries", "documents", "items", "data_1", "data_2"),
    ];

    private static IEnumerable<CapRule> Inputs(params string[] fields) =>
        fields.Select(field => new CapRule(field, nameof(RequestPolicyOptions.MaxInputs), options => options.MaxInputs, "CVE-2026-73559") { CountsItems = true });
}
